import type { ArtifactDetail, FileLine } from '../../model/artifacts.ts';
import { bytesText } from '../../model/words.ts';
import { address, fileText } from '../api.ts';
import { type Child, h, replace } from '../dom.ts';
import { failure, problemList } from '../widgets/problems.ts';

/** More of a text is not shown. */
const mostText = 256 << 10;

/** A file that is no table, as well as a browser can show it. */
export function filePreview(
  { key, stage }: ArtifactDetail,
  name: string | undefined,
  file: FileLine | undefined,
): Child {
  if (name === undefined) return h('p', { class: 'note' }, 'The artifact has no files.');
  if (file === undefined) {
    return problemList([
      { message: `the artifact of ${stage} has no file ${name}`, hint: 'Choose one above.' },
    ]);
  }
  const title = h('h2', {}, h('code', {}, name));
  if (file.damage !== undefined) {
    const how = file.damage === 'missing' ? 'is missing from' : 'was changed in';
    const hint = `Make it again: pipeline run '${stage}'. What else is damaged: pipeline verify`;
    return [title, problemList([{ message: `${name} ${how} the cache`, hint }])];
  }
  const source = address(['artifacts', key, 'file'], { file: name });
  const link = h(
    'p',
    {},
    h('a', { class: 'button', href: source, target: '_blank', rel: 'noopener' }, 'Open the file'),
  );
  switch (file.type) {
    case 'image':
      return [title, h('figure', { class: 'image' }, h('img', { src: source, alt: name })), link];
    case 'sound':
      return [
        title,
        h('audio', { controls: true, preload: 'metadata', src: source, 'aria-label': name }),
        link,
      ];
    case 'json':
    case 'text':
      return [title, textOf(key, file), link];
    case 'page':
      return [title, h('p', {}, 'A page of its own.'), link];
    default:
      return [
        title,
        h('p', { class: 'note' }, `${bytesText(file.bytes)} that a browser cannot show.`),
        h(
          'p',
          {},
          h(
            'a',
            { class: 'button', href: source, download: name.slice(name.lastIndexOf('/') + 1) },
            'Download',
          ),
        ),
      ];
  }
}

function textOf(key: string, { name, bytes, type }: FileLine): HTMLElement {
  const box = h('div', { 'aria-busy': 'true' });
  fileText(key, name, mostText).then(
    ({ text, whole }) => {
      const shown = type === 'json' && whole ? laidOut(text) : text;
      replace(
        box,
        h('pre', { class: 'text', tabindex: 0, role: 'region', 'aria-label': name }, shown),
        !whole && h('p', { class: 'note' }, `The first ${bytesText(mostText)} of ${bytesText(bytes)}.`),
      );
      box.removeAttribute('aria-busy');
    },
    (error: unknown) => {
      replace(box, failure(error));
    },
  );
  return box;
}

function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
