import { type Child, h, replace } from '../dom.ts';
import { heading } from './parts.ts';
import { failure } from './problems.ts';

/** Shows what is asked of the server once it is there, or what is wrong. A later request takes the place of an earlier. */
export class Loaded {
  readonly element = h('div', { 'aria-busy': 'true' });
  #abort: AbortController | undefined;

  load<Value>(ask: (signal: AbortSignal) => Promise<Value>, show: (value: Value) => Child): void {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.element.setAttribute('aria-busy', 'true');
    ask(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) this.#put(show(value));
      },
      (error: unknown) => {
        if (!abort.signal.aborted) this.#put([heading('h1', 'This cannot be shown'), failure(error)]);
      },
    );
  }

  close(): void {
    this.#abort?.abort();
  }

  #put(content: Child): void {
    const heading = this.element.querySelector('h1');
    const hadFocus = heading !== null && heading === document.activeElement;
    replace(this.element, content);
    this.element.removeAttribute('aria-busy');
    if (hadFocus) this.element.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }
}
