import type { ArtifactDetail, FileLine } from '../../model/artifacts.ts';
import { bytesText, counted, numberText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h, replace } from '../dom.ts';
import { linkTo, type Route } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { heading, settings } from '../widgets/parts.ts';
import { standingWords } from './artifacts.ts';
import { filePreview } from './file-preview.ts';
import { TableBrowser } from './table-browser.ts';

type ArtifactRoute = Extract<Route, { view: 'artifact' }>;

/** More files than these are folded away. */
const filesShown = 12;

/** One artifact: its files, and one of them opened. */
export function artifactView(first: ArtifactRoute): View {
  const { key } = first;
  const loaded = new Loaded();
  const opened = h('div', { class: 'opened' });
  let route = first;
  let table: TableBrowser | undefined;
  let files: HTMLElement | undefined;
  let detail: ArtifactDetail | undefined;
  const view: View = {
    element: loaded.element,
    title: 'Artifact',
    moved(next) {
      if (next.view !== 'artifact' || next.key !== key || detail === undefined) return false;
      route = next;
      open();
      return true;
    },
    close() {
      loaded.close();
      table?.close();
    },
  };
  loaded.load(
    (signal) => get<ArtifactDetail>(['artifacts', key], {}, signal),
    (artifact) => {
      detail = artifact;
      view.title = artifact.stage;
      document.title = `${artifact.stage} · pipeline`;
      files = h('div');
      open();
      return content(artifact, files, opened);
    },
  );
  return view;

  function open(): void {
    const name = route.file ?? mainFile(detail!.contents)?.name;
    replace(files!, fileList(detail!, name));
    const file = detail!.contents.find((candidate) => candidate.name === name);
    if (file?.type === 'table' && file.damage === undefined) {
      if (table?.file !== file.name) {
        table?.close();
        table = new TableBrowser(key, file.name);
        replace(opened, h('h2', {}, h('code', {}, file.name)), table.element);
      }
      table.show(route.offset, route.find);
      return;
    }
    table?.close();
    table = undefined;
    replace(opened, filePreview(detail!, name, file));
  }
}

function content(artifact: ArtifactDetail, files: HTMLElement, opened: HTMLElement): Child {
  const { stage, kind, run, bytes, contents, measurements, standing } = artifact;
  const figures = Object.entries(measurements).map(([name, value]) => ({ name, value: numberText(value) }));
  return [
    h('p', { class: 'back' }, h('a', { href: '#/artifacts' }, 'Artifacts')),
    heading('h1', h('code', {}, stage)),
    h(
      'p',
      { class: 'lead' },
      `${kind} · ${counted(contents.length, 'file')}, ${bytesText(bytes)} · ${standingWords[standing]} · made by run `,
      h('a', { href: linkTo({ view: 'run', run }) }, run),
    ),
    figures.length > 0 && settings(figures),
    files,
    opened,
  ];
}

/** What one most likely came for. */
function mainFile(contents: readonly FileLine[]): FileLine | undefined {
  const ofType = (type: FileLine['type']): FileLine | undefined =>
    contents.find((file) => file.type === type);
  return (
    contents.find(({ name }) => name === 'table.arrow') ??
    ofType('table') ??
    ofType('page') ??
    ofType('json') ??
    contents.at(0)
  );
}

function fileList({ key, contents }: ArtifactDetail, open: string | undefined): Child {
  if (contents.length <= 1) return null;
  const item = ({ name, bytes, type, damage }: FileLine): HTMLElement =>
    h(
      'li',
      {},
      h(
        'a',
        {
          href: linkTo({ view: 'artifact', key, file: name, offset: 0, find: '' }),
          'aria-current': name === open ? 'true' : undefined,
        },
        name,
      ),
      h(
        'span',
        { class: 'note' },
        damage === undefined ? `${type} · ${bytesText(bytes)}` : `damaged: ${damage}`,
      ),
    );
  const first = contents.slice(0, filesShown);
  const rest = contents.slice(filesShown);
  return h(
    'nav',
    { 'aria-label': 'Files' },
    h('ul', { class: 'files' }, first.map(item)),
    rest.length > 0 &&
      h(
        'details',
        { open: rest.some(({ name }) => name === open) },
        h('summary', {}, counted(rest.length, 'more file')),
        h('ul', { class: 'files' }, rest.map(item)),
      ),
  );
}
