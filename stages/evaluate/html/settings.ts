import { html, type Html } from './html.ts';

/** Names with their values. */
export function settingsList(entries: readonly (readonly [string, string])[]): Html {
  return html`<dl class="settings">
    ${entries.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
