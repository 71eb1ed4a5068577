import { BINARY } from './binary.ts';

/** The functions of the WebAssembly module; pointers are byte offsets in its memory. See source/ for each. */
interface KernelFunctions {
  readonly memory: WebAssembly.Memory;
  mel_powers(plan: number, padded: number, frames: number, banks: number, bankCount: number): void;
  power_spectra(plan: number, padded: number, frames: number, output: number): void;
  decibels(powers: number, vectors: number, relative: number): void;
  fft_resample(plan: number, padded: number, output: number, count: number): void;
  direct_resample(
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

/**
 * The WebAssembly kernels with their memory. What is reserved stays for good and holds tables; scratch space lies
 * behind it and is valid until the next call of `reserve…` or `scratch`.
 */
export class Kernels {
  readonly call: KernelFunctions;
  private end: number;

  constructor() {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(BINARY, 'base64')));
    this.call = instance.exports as unknown as KernelFunctions;
    this.end = this.call.memory.buffer.byteLength;
  }

  reserve(bytes: number): number {
    const pointer = this.end;
    this.end = align(pointer + bytes);
    this.require(this.end);
    return pointer;
  }

  reserveDoubles(values: Float64Array): number {
    const pointer = this.reserve(values.byteLength);
    new Float64Array(this.call.memory.buffer, pointer, values.length).set(values);
    return pointer;
  }

  reserveFloats(values: Float32Array): number {
    const pointer = this.reserve(values.byteLength);
    this.floats(pointer, values.length).set(values);
    return pointer;
  }

  reserveIntegers(values: ArrayLike<number>): number {
    const pointer = this.reserve(values.length * Int32Array.BYTES_PER_ELEMENT);
    new Int32Array(this.call.memory.buffer, pointer, values.length).set(values);
    return pointer;
  }

  /** Space for so many float32 values in each of several arrays, with whatever was there before. */
  scratch(...lengths: readonly number[]): number[] {
    let pointer = this.end;
    const pointers = lengths.map((length) => {
      const start = pointer;
      pointer = align(pointer + length * Float32Array.BYTES_PER_ELEMENT);
      return start;
    });
    this.require(pointer);
    return pointers;
  }

  /** A view, valid as long as the memory does not grow. */
  floats(pointer: number, length: number): Float32Array {
    return new Float32Array(this.call.memory.buffer, pointer, length);
  }

  private require(bytes: number): void {
    const missing = bytes - this.call.memory.buffer.byteLength;
    if (missing > 0) this.call.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }
}

function align(pointer: number): number {
  return Math.ceil(pointer / ALIGNMENT) * ALIGNMENT;
}

let shared: Kernels | undefined;

/** The kernels of this thread. */
export function kernels(): Kernels {
  return (shared ??= new Kernels());
}
