import { type Child, h } from '../dom.ts';

/** A box that scrolls sideways by itself, reachable by the keyboard. */
export function scrolling(label: string, ...children: readonly Child[]): HTMLElement {
  return h('div', { class: 'scroll', role: 'region', 'aria-label': label, tabindex: 0 }, ...children);
}

export interface Setting {
  readonly name: string;
  readonly value: Child;
}

/** Names with their values. */
export function settings(list: readonly Setting[]): HTMLElement {
  return h(
    'dl',
    { class: 'settings' },
    list.map(({ name, value }) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** A heading of its own that takes the focus when its view opens. */
export function heading(level: 'h1' | 'h2', ...children: readonly Child[]): HTMLHeadingElement {
  return h(level, { tabindex: -1 }, ...children);
}

export interface Pages {
  readonly offset: number;
  readonly limit: number;
  readonly total: number;
  /** `rows`, `runs`. */
  readonly noun: string;
  readonly linkTo: (offset: number) => string;
}

/** Where one is among many, with the ways on. */
export function pager({ offset, limit, total, noun, linkTo }: Pages): HTMLElement | null {
  if (total <= limit && offset === 0) return null;
  const last = Math.max(0, Math.floor((total - 1) / limit) * limit);
  const step = (label: string, to: number, enabled: boolean): HTMLElement =>
    enabled
      ? h('a', { class: 'button', href: linkTo(to) }, label)
      : h('span', { class: 'button off', 'aria-hidden': 'true' }, label);
  return h(
    'nav',
    { class: 'pager', 'aria-label': `Pages of ${noun}` },
    step('First', 0, offset > 0),
    step('Back', Math.max(0, offset - limit), offset > 0),
    h(
      'span',
      { class: 'note' },
      `${(offset + 1).toLocaleString('en-US')}–${Math.min(offset + limit, total).toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${noun}`,
    ),
    step('On', offset + limit, offset + limit < total),
    step('Last', last, offset < last),
  );
}
