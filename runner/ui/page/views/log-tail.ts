import type { LogPart } from '../../model/runs.ts';
import { bytesText } from '../../model/words.ts';
import { get } from '../api.ts';
import { h, setText } from '../dom.ts';

const pollMilliseconds = 700;
/** What a browser shows without effort; the file has it all. */
const longestText = 400_000;

/** What a stage prints, while it prints it. */
export class LogTail {
  readonly #note = h('p', { class: 'note' });
  readonly #text = h('pre', { class: 'log', tabindex: 0, role: 'region', 'aria-label': 'What it printed' });
  readonly element = h('div', { hidden: true }, h('h3', {}, 'What it printed'), this.#note, this.#text);
  #source = '';
  #running = false;
  #next: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #abort: AbortController | undefined;

  /** Shows what a stage printed in a run; once more after it has ended. */
  follow(run: string | undefined, stage: string, running: boolean): void {
    const source = run === undefined ? '' : `${run} ${stage}`;
    if (source === this.#source) {
      const ended = this.#running && !running;
      this.#running = running;
      if (ended) this.#later(run!, stage);
      return;
    }
    this.close();
    this.#source = source;
    this.#running = running;
    if (run !== undefined) this.#read(run, stage);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.#source = '';
    this.#next = undefined;
    this.#text.textContent = '';
    this.element.hidden = true;
  }

  #later(run: string, stage: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#read(run, stage);
    }, pollMilliseconds);
  }

  #read(run: string, stage: string): void {
    const abort = new AbortController();
    this.#abort = abort;
    get<LogPart>(['log'], { run, stage, from: this.#next }, abort.signal).then(
      (part) => {
        this.#show(part, run);
        const isBehind = part.text !== '' && part.next > 0 && this.#running;
        if (this.#running || isBehind) this.#later(run, stage);
      },
      () => {
        // Aborted, or the run has been cleared away: what is shown stays.
        if (!abort.signal.aborted && this.#running) this.#later(run, stage);
      },
    );
  }

  #show({ text, next, skipped }: LogPart, run: string): void {
    const first = this.#next === undefined;
    this.#next = next;
    if (first) {
      const cut = skipped > 0 ? `, the last of it; ${bytesText(skipped)} before are left out` : '';
      setText(this.#note, `in run ${run}${cut}`);
    }
    if (text === '') return;
    const box = this.#text;
    const atEnd = first || box.scrollHeight - box.scrollTop - box.clientHeight < 24;
    box.textContent = (box.textContent + text).slice(-longestText);
    this.element.hidden = false;
    if (atEnd) box.scrollTop = box.scrollHeight;
  }
}
