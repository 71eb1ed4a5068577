import type { Shape } from './graph/attributes.ts';
import type { Random } from './random.ts';
import { qrDecomposition } from './tensorflow.ts';

/** Makes the first values of a weight, row-major. */
export type Initializer = (shape: Shape, random: Random) => Float32Array | Promise<Float32Array>;

const sizeOf = (shape: Shape): number => shape.reduce((product, size) => product * size, 1);

export const zeros: Initializer = (shape) => new Float32Array(sizeOf(shape));

export const ones: Initializer = (shape) => new Float32Array(sizeOf(shape)).fill(1);

/**
 * Uniform within ±√(6 / (fan in + fan out)) (Glorot and Bengio, 2010). The last two axes are inputs and outputs,
 * those before them the places of a convolution's kernel.
 */
export const glorotUniform: Initializer = (shape, random) => {
  const outputs = shape.at(-1) ?? 1;
  const inputs = shape.at(-2) ?? 1;
  const places = sizeOf(shape.slice(0, -2));
  const limit = Math.sqrt(6 / (places * (inputs + outputs)));
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * limit);
};

/**
 * Uniform within ± `scale` / √inputs; with 1 as in PyTorch's linear layers. `inputs` are the last axis but one.
 *
 * Narrower than Glorot's where inputs are many and outputs few, so that a network starts nearer to zero.
 */
export function fanInUniform(scale: number): Initializer {
  return (shape, random) => {
    const limit = scale / Math.sqrt(shape.at(-2) ?? 1);
    return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * limit);
  };
}

/** Rows orthonormal (or columns, where there are more rows), distributed uniformly (Saxe et al., 2013). */
export const orthogonal: Initializer = async ([rows, columns], random) => {
  const [tall, wide] = [Math.max(rows, columns), Math.min(rows, columns)];
  const normal = Float32Array.from({ length: tall * wide }, () => random.normal());
  const { q, diagonal } = await qrDecomposition(normal, tall, wide);
  const result = new Float32Array(rows * columns);
  for (let i = 0; i < tall; i++) {
    for (let j = 0; j < wide; j++) {
      // Without the signs of r's diagonal the distribution would not be uniform.
      const value = q[i * wide + j] * (diagonal[j] < 0 ? -1 : 1);
      result[rows >= columns ? i * columns + j : j * columns + i] = value;
    }
  }
  return result;
};
