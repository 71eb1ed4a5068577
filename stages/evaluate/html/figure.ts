import type { Drawing } from '../charts/render.ts';
import { html, raw, type Content, type Html } from './html.ts';

/** A chart with its title. */
export function figure(drawing: Drawing, title: string, note: Content = null): Html {
  return html`<figure class="chart">
    <figcaption>${title}${note ? html` <span class="note">${note}</span>` : null}</figcaption>
    ${raw(drawing.inline)}
  </figure>`;
}
