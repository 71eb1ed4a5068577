import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A Python process that holds the encoder in PyTorch. */
export class PyTorch {
  readonly #process;
  readonly #lines;
  readonly versions: Promise<{ readonly torch: string; readonly transformers: string }>;

  constructor(python: string, folder: string, threads: number) {
    this.#process = spawn(
      python,
      ['-W', 'ignore', 'bench/encoder/pytorch_side.py', folder, String(threads)],
      {
        stdio: ['pipe', 'pipe', 'ignore'],
      },
    );
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
    this.versions = this.#answer();
  }

  encode(samples: string, write?: string): Promise<{ readonly seconds: number; readonly frames: number }> {
    return this.#ask({ do: 'encode', samples, write });
  }

  async flops(count: number): Promise<number> {
    return (await this.#ask<{ flops: number }>({ do: 'flops', count })).flops;
  }

  async gemm(size: number): Promise<number> {
    return (await this.#ask<{ flopsPerSecond: number }>({ do: 'gemm', size })).flopsPerSecond;
  }

  close(): void {
    this.#process.stdin.end();
  }

  async #ask<Answer>(request: object): Promise<Answer> {
    await this.versions;
    this.#process.stdin.write(`${JSON.stringify(request)}\n`);
    return this.#answer<Answer>();
  }

  async #answer<Answer>(): Promise<Answer> {
    for (;;) {
      const line = await this.#lines.next();
      if (line.done === true) throw new Error('Python ended; are torch and transformers installed there?');
      // transformers says what it likes on stdout while it is imported.
      if (line.value.startsWith('{')) return JSON.parse(line.value) as Answer;
    }
  }
}
