import { follow } from '../model/live-run.ts';
import type { Messages, Snapshot } from '../model/messages.ts';

export interface LiveState {
  /** Undefined before the first word of the server. */
  readonly snapshot: Snapshot | undefined;
  readonly connected: boolean;
}

type Listener = (state: LiveState) => void;

/** What the server tells, kept up to date. A connection that is lost is sought again, and begins with all anew. */
export class Live {
  #state: LiveState = { snapshot: undefined, connected: false };
  readonly #listeners = new Set<Listener>();

  get state(): LiveState {
    return this.#state;
  }

  /** Calls back now and with each change; returns what ends that. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    listener(this.#state);
    return () => this.#listeners.delete(listener);
  }

  connect(): void {
    const source = new EventSource('api/events');
    source.addEventListener('error', () => {
      this.#set({ ...this.#state, connected: false });
    });
    this.#on(source, 'snapshot', (snapshot) => ({ snapshot, connected: true }));
    this.#on(source, 'plan', (plan, snapshot) => this.#with({ ...snapshot, plan }));
    this.#on(source, 'run', (run, snapshot) => this.#with({ ...snapshot, run }));
    this.#on(source, 'request', (request, snapshot) => this.#with({ ...snapshot, request }));
    this.#on(source, 'events', ({ run, entries }, snapshot) =>
      snapshot.run?.run === run
        ? this.#with({ ...snapshot, run: entries.reduce(follow, snapshot.run) })
        : this.#state,
    );
  }

  #on<Name extends keyof Messages>(
    source: EventSource,
    name: Name,
    next: (message: Messages[Name], snapshot: Snapshot) => LiveState,
  ): void {
    source.addEventListener(name, (event) => {
      const message = JSON.parse(event.data as string) as Messages[Name];
      this.#set(next(message, this.#state.snapshot!));
    });
  }

  #with(snapshot: Snapshot): LiveState {
    return { ...this.#state, snapshot };
  }

  #set(state: LiveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}
