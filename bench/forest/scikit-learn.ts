import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface Halves {
  readonly train: number[];
  readonly test: number[];
  readonly trainLabels: number[];
  readonly testLabels: number[];
  readonly dimension: number;
  readonly classes: number;
}

export interface Fit {
  readonly accuracy: number;
  readonly fitSeconds: number;
  /** Of all threads of the process, so that load from outside counts less. */
  readonly fitCpuSeconds: number;
}

/** A Python process that holds the data and fits scikit-learn's forests, on one thread. */
export class ScikitLearn {
  readonly #process;
  readonly #lines;
  readonly version: Promise<string>;

  constructor(python: string) {
    this.#process = spawn(python, ['bench/forest/scikit_learn.py'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.version = this.#answer<{ version: string }>().then(({ version }) => version);
  }

  async halves(data: string, seed: number): Promise<Halves> {
    return this.#ask<Halves>({ do: 'give', data, seed });
  }

  async fit(data: string, seed: number, options: { trees: number; criterion: string }): Promise<Fit> {
    return this.#ask<Fit>({ do: 'fit', data, seed, ...options });
  }

  close(): void {
    this.#process.stdin.end();
  }

  async #ask<Answer>(request: object): Promise<Answer> {
    await this.version;
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#answer<Answer>();
  }

  async #answer<Answer>(): Promise<Answer> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error('Python ended; is scikit-learn installed there?');
    return JSON.parse(line.value) as Answer;
  }
}
