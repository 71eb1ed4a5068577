import { StageFailure } from '../../../runner/kind/index.ts';
import { BINARY } from './binary.ts';

/** The functions of the WebAssembly module; pointers are byte offsets in its memory. See source/ for each. */
interface KernelFunctions {
  readonly memory: WebAssembly.Memory;
  mel_powers(plan: number, padded: number, frames: number, banks: number, bankCount: number): void;
  power_spectra(plan: number, padded: number, frames: number, output: number): void;
  decibels(powers: number, vectors: number, relative: number): number;
  int16_to_float(integers: number, samples: number, count: number): void;
  hop_energies(samples: number, count: number, hop: number, energies: number): void;
  peak(samples: number, count: number): number;
  divide(samples: number, count: number, divisor: number): void;
  all_finite(samples: number, count: number): number;
  autocorrelate(frame: number, length: number, lags: number, output: number): void;
  fft_filter(plan: number, padded: number, output: number, count: number): void;
  phase_filter(
    phases: number,
    taps: number,
    up: number,
    down: number,
    start: number,
    padded: number,
    output: number,
    count: number,
  ): void;
}

const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** Takes so many bytes of scratch space and gives their place. */
export type Allocate = (bytes: number) => number;

/** A run of float32 values in the kernels' memory. */
export interface Signal {
  readonly pointer: number;
  readonly length: number;
}

/**
 * The WebAssembly kernels with their memory. What is reserved stays for good and holds tables; behind it lies the
 * scratch space of the clip at hand. Views on the memory must not be kept over an allocation, which may move it.
 */
export class Kernels {
  readonly call: KernelFunctions;
  private reserved: number;
  private top: number;

  constructor() {
    const module = new WebAssembly.Module(Buffer.from(BINARY, 'base64'));
    try {
      this.call = new WebAssembly.Instance(module).exports as KernelFunctions;
    } catch (error) {
      throw new StageFailure(error instanceof Error ? error.message : String(error), {
        hint: 'where addresses are limited (ulimit -v), set NODE_OPTIONS=--disable-wasm-trap-handler',
      });
    }
    this.reserved = this.call.memory.buffer.byteLength;
    this.top = this.reserved;
  }

  /** Runs `work` with scratch space that is free again when it ends. */
  within<Result>(work: (allocate: Allocate) => Result): Result {
    const mark = this.top;
    try {
      return work((bytes) => this.take(bytes));
    } finally {
      this.top = mark;
    }
  }

  reserve(bytes: number): number {
    if (this.top !== this.reserved) throw new Error('tables are to be reserved outside `within`');
    const pointer = this.take(bytes);
    this.reserved = this.top;
    return pointer;
  }

  reserveDoubles(values: Float64Array): number {
    const pointer = this.reserve(values.byteLength);
    this.doubles(pointer, values.length).set(values);
    return pointer;
  }

  reserveFloats(values: Float32Array): number {
    const pointer = this.reserve(values.byteLength);
    this.floats(pointer, values.length).set(values);
    return pointer;
  }

  reserveIntegers(values: ArrayLike<number>): number {
    const pointer = this.reserve(values.length * Int32Array.BYTES_PER_ELEMENT);
    this.integers(pointer, values.length).set(values);
    return pointer;
  }

  bytes(pointer: number, length: number): Uint8Array {
    return new Uint8Array(this.call.memory.buffer, pointer, length);
  }

  integers(pointer: number, length: number): Int32Array {
    return new Int32Array(this.call.memory.buffer, pointer, length);
  }

  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.call.memory.buffer, pointer, length);
  }

  doubles(pointer: number, length: number): Float64Array {
    return new Float64Array(this.call.memory.buffer, pointer, length);
  }

  private take(bytes: number): number {
    const pointer = this.top;
    const top = Math.ceil((pointer + bytes) / ALIGNMENT) * ALIGNMENT;
    this.requireBytes(top);
    this.top = top;
    return pointer;
  }

  private requireBytes(bytes: number): void {
    const missing = bytes - this.call.memory.buffer.byteLength;
    if (missing <= 0) return;
    try {
      this.call.memory.grow(Math.ceil(missing / PAGE_BYTES));
    } catch {
      const megabytes = Math.ceil(bytes / 2 ** 20);
      throw new StageFailure(`too long to be worked on at once: it needs ${megabytes} MB of memory`, {
        hint: 'cut it into single utterances, or lower preprocess.sampleRate',
      });
    }
  }
}

let shared: Kernels | undefined;

/** The kernels of this thread. */
export function kernels(): Kernels {
  return (shared ??= new Kernels());
}
