import type { ModelEvaluation } from '../evaluation/types.ts';
import { heatStep } from '../theme.ts';
import { counted, percent } from '../text/format.ts';
import { html, type Html } from './html.ts';
import { scrolling } from './table.ts';

/** The confusion matrix as a table, shaded by the share of the true emotion's clips. */
export function confusionMatrix(model: ModelEvaluation, show: 'clips' | 'shares'): Html {
  const emotions = model.classes.map((figures) => figures.emotion);
  const what = show === 'clips' ? 'Clips' : 'Shares of the true emotion';
  const rows = model.confusion.map((row, truth) => {
    const { support } = model.classes[truth];
    return html`<tr>
      <th scope="row">${emotions[truth]}</th>
      ${row.map((clips, predicted) => {
        const share = support === 0 ? 0 : clips / support;
        const text = show === 'clips' ? String(clips) : percent(share, 0);
        const title = `${emotions[truth]} taken for ${emotions[predicted]}: ${counted(clips, 'clip')}, ${percent(share)}`;
        return html`<td class="heat-${heatStep(share)}${truth === predicted ? ' own' : ''}" title="${title}">
          ${text}
        </td>`;
      })}
    </tr>`;
  });
  return html`<div class="matrix">
    ${scrolling(
      `Confusion matrix of ${model.label}: ${what}`,
      html`<table>
        <caption>
          ${what} (rows: true, columns: answered)
        </caption>
        <thead>
          <tr>
            <td></td>
            ${emotions.map((emotion) => html`<th scope="col">${emotion}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows}
        </tbody>
      </table>`,
    )}
  </div>`;
}
