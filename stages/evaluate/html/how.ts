import { howMissing, libraries } from '../evaluation/libraries.ts';
import type { Evaluation } from '../evaluation/types.ts';
import { gap } from '../gaps.ts';
import { html, raw, type Html } from './html.ts';

/** The place for how the report was made, and what is known of that from the models themselves. */
export function howSection(evaluation: Evaluation): Html {
  return html`<section id="how" aria-labelledby="how-title">
    <h2 id="how-title">How it was made</h2>
    <p>
      ${libraries(evaluation).map((sentence) => `${sentence} `)}How the clips were split and what was checked:
      <a href="#protocol">how to read these figures</a>. The settings and seeds of each fit stand with its
      model.
    </p>
    ${raw(gap('how', '', html`<p class="note">${howMissing}</p>`.text))}
  </section>`;
}
