import type { LiveRun } from '../../model/live-run.ts';
import type { RunDetail } from '../../model/runs.ts';
import { durationText } from '../../model/words.ts';
import { get } from '../api.ts';
import { type Child, h } from '../dom.ts';
import { linkTo } from '../router.ts';
import type { View } from '../view.ts';
import { Loaded } from '../widgets/loaded.ts';
import { noticeList } from '../widgets/notices.ts';
import { heading, scrolling } from '../widgets/parts.ts';
import { problemList } from '../widgets/problems.ts';
import { LogTail } from './log-tail.ts';
import { countsText, statusElement, timeText } from './run-words.ts';

type StageRecord = RunDetail['record']['stages'][string];

/** One run of the record: when each of its stages ran, why, and what it printed. */
export function runView(run: string): View {
  const loaded = new Loaded();
  const logs: LogTail[] = [];
  loaded.load(
    (signal) => get<RunDetail>(['runs', run], {}, signal),
    (detail) => content(detail, logs),
  );
  return {
    element: loaded.element,
    title: `Run ${run}`,
    close() {
      loaded.close();
      for (const log of logs) log.close();
    },
  };
}

function content({ record, story, before }: RunDetail, logs: LogTail[]): Child {
  const { id, started, wallMs, command, ok, stages } = record;
  const counts: Record<string, number> = {};
  for (const { status } of Object.values(stages)) counts[status] = (counts[status] ?? 0) + 1;
  return [
    h(
      'div',
      { class: 'hero' },
      h(
        'div',
        {},
        heading(
          'h1',
          ok
            ? 'A run that was done'
            : counts.failed === undefined
              ? 'A run that was interrupted'
              : 'A run that failed',
        ),
        h('p', { class: 'lead' }, `${timeText(started)} · ${durationText(wallMs)} · ${countsText(counts)}`),
      ),
      h(
        'div',
        { class: 'actions' },
        before !== undefined &&
          h(
            'a',
            { class: 'button', href: linkTo({ view: 'compare', a: before, b: id }) },
            'Compare with the run before',
          ),
      ),
    ),
    h('p', { class: 'note' }, h('code', {}, `pipeline ${command}`), ` · run ${id}`),
    h('h2', {}, 'Stages'),
    scrolling(
      'Stages of the run',
      h(
        'table',
        { class: 'story' },
        h('caption', { class: 'spoken' }, 'Stages of the run'),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ['Stage', 'Ended', 'Took'].map((name) =>
              h('th', { scope: 'col', class: name === 'Took' ? undefined : 'left' }, name),
            ),
            story !== undefined && h('th', { scope: 'col', class: 'left when' }, 'When'),
            h('th', { scope: 'col', class: 'left' }, 'Why it ran'),
          ),
        ),
        h(
          'tbody',
          {},
          Object.entries(stages).map(([name, stage]) => line(name, stage, story)),
        ),
      ),
    ),
    noticeList(story?.notices ?? []),
    Object.entries(stages)
      .filter(([, { status }]) => status !== 'cached' && status !== 'skipped')
      .map(([name, { status }]) => {
        const log = new LogTail();
        logs.push(log);
        const nothing = h('p', { class: 'note' }, 'It printed nothing.');
        const details = h(
          'details',
          {},
          h('summary', {}, 'What ', h('code', {}, name), ' printed'),
          problemList(story?.stages[name]?.problems ?? []),
          nothing,
          log.element,
        );
        // Looked at only when it is opened: a run may have many stages.
        details.addEventListener('toggle', () => {
          if (!details.open) return;
          log.follow(id, name, false);
          new MutationObserver(() => {
            nothing.hidden = !log.element.hidden;
          }).observe(log.element, { attributes: true });
        });
        details.open = status === 'failed';
        return details;
      }),
  ];
}

function line(name: string, stage: StageRecord, story: LiveRun | undefined): HTMLElement {
  const { status, wallMs, rows, reasons, key } = stage;
  return h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row', class: 'left' },
      key !== undefined && stage.artifact !== undefined
        ? h('a', { href: linkTo({ view: 'artifact', key, offset: 0, find: '' }) }, h('code', {}, name))
        : h('code', {}, name),
    ),
    h('td', { class: 'left' }, statusElement(status)),
    h('td', {}, wallMs === undefined ? '' : durationText(wallMs)),
    story !== undefined && h('td', { class: 'left when' }, span(name, story)),
    h(
      'td',
      { class: 'left why' },
      [
        ...(reasons ?? []),
        ...(rows === undefined || rows.reused === 0 ? [] : [`${rows.reused} of ${rows.total} rows reused`]),
      ].join('; '),
    ),
  );
}

/** When it ran, on a line as long as the run. */
function span(name: string, story: LiveRun): Child {
  const { startedAt, endedAt } = story.stages[name] ?? {};
  const whole = (story.endedAt ?? story.startedAt) - story.startedAt;
  if (startedAt === undefined || endedAt === undefined || whole <= 0) return null;
  const bar = h('i');
  bar.style.setProperty('left', `${(100 * (startedAt - story.startedAt)) / whole}%`);
  bar.style.setProperty('width', `${(100 * (endedAt - startedAt)) / whole}%`);
  const label = `from ${durationText(startedAt - story.startedAt)} to ${durationText(endedAt - story.startedAt)}`;
  return h('span', { class: 'span', role: 'img', 'aria-label': label, title: label }, bar);
}
