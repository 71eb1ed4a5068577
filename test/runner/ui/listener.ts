import type { Messages, Snapshot } from '../../../runner/ui/model/messages.ts';
import { follow } from '../../../runner/ui/model/live-run.ts';
import { until } from '../../support/until.ts';

/** Listens to the server-sent events of the page, and keeps what the page would know. */
export class Listener {
  readonly #abort = new AbortController();
  readonly names: string[] = [];
  #state: Snapshot | undefined;
  ended = false;

  constructor(address: string) {
    void this.#listen(address);
  }

  get state(): Snapshot {
    if (this.#state === undefined) throw new Error('nothing has been heard yet');
    return this.#state;
  }

  /** Waits until what is known is so. */
  async until(condition: (state: Snapshot) => boolean): Promise<Snapshot> {
    await until(() => this.#state !== undefined && condition(this.#state));
    return this.state;
  }

  close(): void {
    this.#abort.abort();
  }

  async #listen(address: string): Promise<void> {
    try {
      const response = await fetch(`${address}api/events`, { signal: this.#abort.signal });
      let text = '';
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          this.#hear(text.slice(0, end));
          text = text.slice(end + 2);
        }
      }
    } catch {
      // Closed by one side or the other.
    }
    this.ended = true;
  }

  #hear(message: string): void {
    const [, name, data] = /^event: (\w+)\ndata: (.*)$/s.exec(message) ?? [];
    if (name === undefined) return;
    this.names.push(name);
    const value: unknown = JSON.parse(data);
    if (name === 'snapshot') this.#state = value as Messages['snapshot'];
    else if (name === 'events') {
      const { run, entries } = value as Messages['events'];
      const known = this.state.run;
      if (known?.run === run) this.#state = { ...this.state, run: entries.reduce(follow, known) };
    } else this.#state = { ...this.state, [name]: value };
  }
}
