import type { Drawings } from '../charts/index.ts';
import type { Evaluation } from '../evaluation/types.ts';
import { count, percent } from '../text/format.ts';
import { figure } from './figure.ts';
import { html, type Html } from './html.ts';
import { dataTable } from './table.ts';

/** What the models were trained and tested on. */
export function dataSection(evaluation: Evaluation, drawings: Drawings): Html {
  const { dataset, emotions } = evaluation;
  return html`<section id="data" aria-labelledby="data-title">
    <h2 id="data-title">Data</h2>
    <p>
      ${count(dataset.files)} clips of ${count(dataset.speakers.length)} speakers, in
      ${count(emotions.length)} emotions.
    </p>
    <div class="beside">
      ${figure(drawings.balance, 'Clips by emotion')}
      ${dataTable(
        'Clips by emotion',
        [
          { head: 'emotion', header: true, cell: (row) => row.emotion },
          { head: 'clips', cell: (row) => count(row.clips) },
          { head: 'share', cell: (row) => percent(row.clips / dataset.files) },
        ],
        emotions.map((emotion, index) => ({ emotion, clips: dataset.counts[index] })),
      )}
    </div>
  </section>`;
}
