import type { Provenance } from '../../../runner/kind/index.ts';
import {
  runSentence,
  seeds,
  settingsOf,
  stageColumns,
  stageRows,
  totalTime,
  versions,
} from '../evaluation/provenance.ts';
import { html, raw, type Html } from './html.ts';
import { settingsList } from './settings.ts';
import { dataTable, scrolling } from './table.ts';

/** How the report was made: the DAG, what ran and what was cached, timings, versions and settings. */
export function provenancePage(provenance: Provenance): Html {
  const { run, stages, dag } = provenance;
  const seedSentence = seeds(provenance);
  return html`<p>${runSentence(provenance)}</p>
    <p><code>pipeline ${run.command}</code></p>
    <figure class="dag">
      <figcaption>The stages behind this report</figcaption>
      ${scrolling('The DAG of the stages', raw(dag.svg))}
    </figure>
    ${dataTable(
      'The stages: how long each took when it was made, and whether the run above made it',
      stageColumns,
      stageRows(provenance),
      {
        foot: html`<tr>
          <th scope="row" class="left">one after the other</th>
          <td></td>
          <td></td>
          <td>${totalTime(provenance)}</td>
          <td></td>
          <td></td>
        </tr>`,
      },
    )}
    <h3>Versions</h3>
    ${settingsList(versions(provenance))}
    <h3>Settings</h3>
    ${seedSentence === '' ? null : html`<p>${seedSentence}</p>`}
    ${stages.map(
      (stage) =>
        html`<details>
          <summary>${stage.stage}</summary>
          ${settingsList(settingsOf(stage))}
        </details>`,
    )}`;
}
