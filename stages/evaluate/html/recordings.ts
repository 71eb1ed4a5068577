import type { Evaluation, HardClip } from '../evaluation/types.ts';
import { heatStep } from '../theme.ts';
import { percent } from '../text/format.ts';
import type { RecordingView, RecordingViews } from '../recordings/view.ts';
import { html, raw, type Content, type Html } from './html.ts';
import { scrolling } from './table.ts';

/** One clip of each emotion before and after preprocessing; nothing where no recordings are given. */
export function examples(evaluation: Evaluation, views: RecordingViews): Html | null {
  if (views.examples.size === 0) return null;
  return html`<h3>A recording of each emotion</h3>
    <p class="note">
      Waveform, scaled to its peak, and log-mel spectrogram, before and after preprocessing on one time axis.
      Shaded: silence that was trimmed away.
    </p>
    ${views.playersLeftOut ? html`<p class="note">Some players were left out to keep the page small.</p>` : null}
    <div class="charts">
      ${evaluation.examples.map(({ clip, emotion, speaker }) => {
        const view = views.examples.get(clip);
        return view
          ? card(
              view,
              html`${emotion} <span class="note">speaker ${speaker} · ${clip}</span>`,
              `${emotion}, speaker ${speaker}`,
            )
          : null;
      })}
    </div>`;
}

/** The clips that models got wrong with the greatest confidence. */
export function mistakesSection(evaluation: Evaluation, views: RecordingViews): Html | null {
  if (evaluation.hardClips.length === 0) return null;
  return html`<section id="mistakes" aria-labelledby="mistakes-title">
    <h2 id="mistakes-title">Most confident mistakes</h2>
    <p>
      The test clips that some model named wrongly with the highest probability, and what every model made of
      them. Where all models agree on the same wrong emotion, listen: the label may be what is unusual.
    </p>
    ${evaluation.hardClips.map((clip) => hardClip(evaluation, clip, views.hardClips.get(clip.clip)))}
  </section>`;
}

function hardClip({ emotions }: Evaluation, clip: HardClip, view: RecordingView | undefined): Html {
  const wrong = clip.answers.filter((answer) => answer.predicted !== clip.emotion).length;
  const title = `${clip.emotion}, speaker ${clip.speaker}`;
  const verdict = `${wrong} of ${clip.answers.length} ${clip.answers.length === 1 ? 'model' : 'models'} wrong`;
  return html`<article class="beside" aria-label="${clip.clip}">
    ${view ? card(view, html`${title} <span class="note">${clip.clip}</span>`, clip.clip) : null}
    <div>
      ${view ? html`<p class="note">${verdict}</p>` : html`<p><strong>${title}</strong> <span class="note">${clip.clip} · ${verdict}</span></p>`}
      ${probabilities(emotions, clip)}
    </div>
  </article>`;
}

/** Models in rows, emotions in columns, shaded by probability; the true emotion is outlined. */
function probabilities(emotions: readonly string[], clip: HardClip): Html {
  const caption = `Probabilities for ${clip.clip}`;
  return html`<div class="matrix">
    ${scrolling(
      caption,
      html`<table>
        <caption>
          Probabilities by model; outlined: the true emotion
        </caption>
        <thead>
          <tr>
            <td></td>
            ${emotions.map((emotion) => html`<th scope="col">${emotion}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${clip.answers.map(
            (answer) =>
              html`<tr>
                <th scope="row">${answer.model}</th>
                ${answer.probabilities.map((probability, index) => {
                  const own = emotions[index] === clip.emotion ? ' own' : '';
                  return html`<td class="heat-${heatStep(probability)}${own}">
                    ${percent(probability, 0)}
                  </td>`;
                })}
              </tr>`,
          )}
        </tbody>
      </table>`,
    )}
  </div>`;
}

function card(view: RecordingView, title: Content, spoken: string): Html {
  return html`<figure class="chart">
    <figcaption>${title}</figcaption>
    ${raw(view.drawing.inline)}
    ${view.players.map(
      ({ label, source }) =>
        html`<div class="player">
          <span class="note">${label}</span>
          <audio controls preload="none" aria-label="${label}: ${spoken}" src="${source}"></audio>
        </div>`,
    )}
  </figure>`;
}
