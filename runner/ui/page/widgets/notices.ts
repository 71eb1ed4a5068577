import { type Child, h } from '../dom.ts';

const shown = 2;

/** What a run has noted, the newest first; more than a few are folded away. */
export function noticeList(notices: readonly string[]): Child {
  const lines = notices.toReversed().map((notice) => h('p', { class: 'note box' }, notice));
  if (lines.length <= shown) return lines;
  const rest = lines.slice(shown);
  return [lines.slice(0, shown), h('details', {}, h('summary', {}, `${rest.length} more notices`), rest)];
}
