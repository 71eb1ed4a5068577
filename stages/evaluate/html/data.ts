import type { Drawings } from '../charts/index.ts';
import type { Evaluation } from '../evaluation/types.ts';
import type { RecordingViews } from '../recordings/view.ts';
import { count, counted, decimal, percent, seconds } from '../text/format.ts';
import { figure } from './figure.ts';
import { html, type Html } from './html.ts';
import { examples } from './recordings.ts';
import { dataTable, type Column } from './table.ts';

interface EmotionRow {
  readonly emotion: string;
  readonly clips: number;
  readonly recorded: number | undefined;
  readonly processed: number | undefined;
}

/** What the models were trained and tested on. */
export function dataSection(evaluation: Evaluation, drawings: Drawings, views: RecordingViews): Html {
  const { dataset, emotions } = evaluation;
  const { durations, processedDurations } = dataset;
  const rows = emotions.map((emotion, index): EmotionRow => ({
    emotion,
    clips: dataset.counts[index],
    recorded: durations?.meanByEmotion[index],
    processed: processedDurations?.meanByEmotion[index],
  }));
  return html`<section id="data" aria-labelledby="data-title">
    <h2 id="data-title">Data</h2>
    <p>
      ${counted(dataset.files, 'clip')} of ${counted(dataset.speakers.length, 'speaker')}, in
      ${count(emotions.length)}
      emotions${durations ? `, ${seconds(durations.total)} of recordings` : null}${
        processedDurations ? `, ${seconds(processedDurations.total)} after preprocessing` : null
      }.
    </p>
    <div class="charts">
      ${figure(drawings.balance, 'Clips by emotion')}
      ${drawings.durations ? figure(drawings.durations, 'Durations') : null}
      ${dataTable('Clips by emotion, in figures', columns(evaluation), rows)}
    </div>
    ${examples(evaluation, views)}
  </section>`;
}

/** The share gives way to durations: a third of the page holds four columns. */
function columns({ dataset }: Evaluation): Column<EmotionRow>[] {
  const { durations, processedDurations } = dataset;
  return [
    { head: 'emotion', header: true, cell: (row) => row.emotion },
    { head: 'clips', cell: (row) => count(row.clips) },
    ...(durations || processedDurations
      ? []
      : [{ head: 'share', cell: (row: EmotionRow) => percent(row.clips / dataset.files) }]),
    ...(durations
      ? [
          {
            head: html`mean <span class="sub">recorded</span>`,
            cell: (row: EmotionRow) => `${decimal(row.recorded ?? 0)} s`,
          },
        ]
      : []),
    ...(processedDurations
      ? [
          {
            head: html`mean <span class="sub">preprocessed</span>`,
            cell: (row: EmotionRow) => `${decimal(row.processed ?? 0)} s`,
          },
        ]
      : []),
  ];
}
