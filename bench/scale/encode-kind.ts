/**
 * A row kind that does nothing but compute, as an encoder does: products of a matrix with a vector, over and over. Or it
 * only waits, where the machine has no processors left to compute with.
 */
export const encodeKind = {
  'stages/encode/index.ts': `
    import { z } from 'zod';
    import { defineRowKind } from 'pipeline/kind';
    export default defineRowKind({
      name: 'encode',
      summary: 'Computes for a time that one chooses',
      params: z.strictObject({ work: z.int().default(0), wait: z.int().default(0) }),
      input: 'words',
      load: () => import('./encode.ts'),
    });`,
  'stages/encode/encode.ts': `
    const size = 256;
    export const setup = ({ params }) => ({
      columns: { vector: { type: 'tensor', shape: [size] } },
      run({ cells }) {
        if (params.wait > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, params.wait);
        let state = Float32Array.from({ length: size }, (_, at) => ((cells.text.length + at) % 7) / 7);
        const matrix = Float32Array.from({ length: size * size }, (_, at) => ((at * 31) % 17) / 2048);
        // A million multiplications a unit of work, rounded up.
        for (let step = 0; step < (params.work * 1e6) / (size * size); step++) {
          const next = new Float32Array(size);
          for (let row = 0; row < size; row++) {
            let sum = 0;
            for (let column = 0; column < size; column++) sum += matrix[row * size + column] * state[column];
            next[row] = Math.fround(sum / (1 + Math.abs(sum)) + 0.1);
          }
          state = next;
        }
        return { vector: state };
      },
    });`,
} as const;
