import type { Graph, Output } from './graph/graph.ts';
import { add, binary, multiply, scalar, sumOf, unary } from './graph/operations.ts';

/** Keras's defaults (Kingma and Ba, 2015). */
export const adam = { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 } as const;

/** The figures that change from step to step, as the graph's `optimizer` placeholder takes them. */
export function optimizerFeed(learningRate: number, step: number): Float32Array {
  return Float32Array.of(learningRate, adam.beta1 ** step, adam.beta2 ** step);
}

export interface OptimizedVariable {
  readonly handle: Output;
  readonly value: Output;
  /** Adam's first and second moments. */
  readonly moments: readonly [Output, Output];
  readonly gradient: Output;
  readonly decays: boolean;
}

export interface OptimizerOptions {
  /** Decoupled (Loshchilov and Hutter, 2019): each step shrinks the kernels by learning rate × weight decay. */
  readonly weightDecay: number;
  /** The largest Euclidean norm of all gradients together; longer ones are scaled down to it. Null: none. */
  readonly clipNorm: number | null;
}

export interface OptimizerGraph {
  /** The operations that carry out the step. */
  readonly operations: readonly string[];
  /** Of all gradients together, before they are clipped; NaN or infinite where the training diverges. */
  readonly gradientNorm: Output;
}

/** Adds one step of Adam. */
export function buildAdam(
  graph: Graph,
  feed: Output,
  variables: readonly OptimizedVariable[],
  options: OptimizerOptions,
): OptimizerGraph {
  const [learningRate, beta1Power, beta2Power] = graph.add(
    'Unpack',
    [feed],
    { T: { type: 'float32' }, num: { integer: 3 }, axis: { integer: 0 } },
    { outputs: 3 },
  );
  const constants = [adam.beta1, adam.beta2, adam.epsilon].map((value) => scalar(graph, value));
  const gradientNorm = normOf(graph, variables);
  const clip = options.clipNorm === null ? undefined : clipFactor(graph, gradientNorm, options.clipNorm);
  const operations = variables.map(({ handle, value, moments, gradient, decays }) => {
    const decayed =
      options.weightDecay > 0 && decays
        ? [{ after: shrink(graph, handle, value, learningRate, options.weightDecay) }]
        : [];
    const applied = graph.one(
      'ResourceApplyAdam',
      [
        ...[handle, ...moments, beta1Power, beta2Power, learningRate, ...constants],
        clip === undefined ? gradient : multiply(graph, gradient, clip),
        ...decayed,
      ],
      { T: { type: 'float32' } },
    );
    return applied.operation;
  });
  return { operations, gradientNorm };
}

function shrink(graph: Graph, handle: Output, value: Output, rate: Output, weightDecay: number): string {
  const amount = multiply(graph, value, multiply(graph, rate, scalar(graph, weightDecay)));
  return graph.one('AssignSubVariableOp', [handle, amount], { dtype: { type: 'float32' } }).operation;
}

function normOf(graph: Graph, variables: readonly OptimizedVariable[]): Output {
  const halfSquares = variables.map(({ gradient }) => unary(graph, 'L2Loss', gradient));
  return unary(graph, 'Sqrt', multiply(graph, sumOf(graph, halfSquares), scalar(graph, 2)));
}

/** min(1, limit / norm); a norm of zero divides by a tiny number instead. */
function clipFactor(graph: Graph, norm: Output, limit: number): Output {
  const safe = add(graph, norm, scalar(graph, 1e-12));
  return binary(graph, 'Minimum', binary(graph, 'RealDiv', scalar(graph, limit), safe), scalar(graph, 1));
}
