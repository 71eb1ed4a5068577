import type { RunLine } from '../../model/runs.ts';
import type { ShownState } from '../../model/shown-stage.ts';
import { h } from '../dom.ts';
import { mark } from '../widgets/mark.ts';

const statusWords: Readonly<Record<string, string>> = {
  ran: 'ran',
  cached: 'cached',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'interrupted',
};

const statusMarks: Readonly<Record<string, ShownState>> = {
  ran: 'done',
  cached: 'cached',
  failed: 'failed',
  skipped: 'skipped',
  interrupted: 'interrupted',
};

/** How a stage of a run ended: a mark and a word. */
export function statusElement(status: string): HTMLElement {
  return h(
    'span',
    { class: 'with-mark' },
    mark(statusMarks[status] ?? 'waiting'),
    statusWords[status] ?? status,
  );
}

export function runResult({ ok, counts }: Pick<RunLine, 'ok' | 'counts'>): HTMLElement {
  const interrupted = !ok && (counts.failed ?? 0) === 0;
  const word = ok ? 'done' : interrupted ? 'interrupted' : 'failed';
  return h('span', { class: 'with-mark' }, mark(word), word);
}

/** `6 ran, 1 cached`. */
export function countsText(counts: RunLine['counts']): string {
  return Object.keys(statusWords)
    .filter((status) => (counts[status] ?? 0) > 0)
    .map((status) => `${counts[status]} ${statusWords[status]}`)
    .join(', ');
}

/** A time as the reader's own clock has it, to the second. */
export function timeText(iso: string): string {
  return new Date(iso).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
