import type { DataType, Shape } from './attributes.ts';
import type { Graph, Output } from './graph.ts';

/**
 * The TensorFlow operations that the layers are made of, under TensorFlow's own names; all on float32 unless
 * said otherwise. https://www.tensorflow.org/api_docs/python/tf/raw_ops
 */
const float = { T: { type: 'float32' } } as const;

export function scalar(graph: Graph, value: number): Output {
  return graph.constant(Float32Array.of(value), []);
}

export function integers(graph: Graph, values: readonly number[]): Output {
  return graph.constant(Int32Array.from(values), [values.length]);
}

export function integer(graph: Graph, value: number): Output {
  return graph.constant(Int32Array.of(value), []);
}

type Binary = 'AddV2' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum' | 'Minimum' | 'Pow' | 'SquaredDifference';
type Unary =
  | 'Neg'
  | 'Exp'
  | 'Log'
  | 'Relu'
  | 'Rsqrt'
  | 'Sqrt'
  | 'Square'
  | 'Softmax'
  | 'L2Loss'
  | 'ZerosLike'
  | 'Reciprocal';

export function binary(graph: Graph, type: Binary, a: Output, b: Output): Output {
  return graph.one(type, [a, b], float);
}

export function unary(graph: Graph, type: Unary, x: Output): Output {
  return graph.one(type, [x], float);
}

export const add = (graph: Graph, a: Output, b: Output): Output => binary(graph, 'AddV2', a, b);
export const subtract = (graph: Graph, a: Output, b: Output): Output => binary(graph, 'Sub', a, b);
export const multiply = (graph: Graph, a: Output, b: Output): Output => binary(graph, 'Mul', a, b);

/** The sum of values of equal shape, always in the order given. */
export function sumOf(graph: Graph, values: readonly Output[]): Output {
  return values.reduce((sum, value) => add(graph, sum, value));
}

export function matMul(
  graph: Graph,
  a: Output,
  b: Output,
  transpose: { readonly a?: boolean; readonly b?: boolean } = {},
): Output {
  return graph.one('MatMul', [a, b], {
    ...float,
    transpose_a: { bool: transpose.a ?? false },
    transpose_b: { bool: transpose.b ?? false },
  });
}

export function reshape(graph: Graph, x: Output, shape: Shape): Output {
  return graph.one('Reshape', [x, integers(graph, shape)], float);
}

export function transpose(graph: Graph, x: Output, permutation: readonly number[]): Output {
  return graph.one('Transpose', [x, integers(graph, permutation)], float);
}

/** Sums over the axes named. */
export function sum(graph: Graph, x: Output, axes: readonly number[], keepAxes = false): Output {
  return graph.one('Sum', [x, integers(graph, axes)], { ...float, keep_dims: { bool: keepAxes } });
}

export function concat(graph: Graph, values: readonly Output[], axis: number): Output {
  return graph.one('ConcatV2', [...values, integer(graph, axis)], {
    ...float,
    N: { integer: values.length },
  });
}

/** A part of a tensor; a size of -1 means: to the end of this axis. */
export function slice(graph: Graph, x: Output, begin: Shape, size: Shape): Output {
  return graph.one('Slice', [x, integers(graph, begin), integers(graph, size)], {
    ...float,
    Index: { type: 'int32' },
  });
}

/** All entries of the first axis but the last. */
export function withoutLast(graph: Graph, x: Output): Output {
  return stridedSlice(graph, x, 0, -1, 0);
}

/** All entries of the first axis but the first. */
export function withoutFirst(graph: Graph, x: Output): Output {
  return stridedSlice(graph, x, 1, 0, 1);
}

function stridedSlice(graph: Graph, x: Output, begin: number, end: number, endMask: number): Output {
  return graph.one(
    'StridedSlice',
    [x, integers(graph, [begin]), integers(graph, [end]), integers(graph, [1])],
    {
      ...float,
      Index: { type: 'int32' },
      ...{ begin_mask: { integer: 0 }, end_mask: { integer: endMask }, ellipsis_mask: { integer: 0 } },
      ...{ new_axis_mask: { integer: 0 }, shrink_axis_mask: { integer: 0 } },
    },
  );
}

/** Cuts a tensor along its first axis, which has `count` entries. */
export function unstack(graph: Graph, x: Output, count: number): Output[] {
  return graph.add(
    'Unpack',
    [x],
    { ...float, num: { integer: count }, axis: { integer: 0 } },
    { outputs: count },
  );
}

/** Joins tensors of equal shape along a new first axis. */
export function stack(graph: Graph, values: readonly Output[]): Output {
  return graph.one('Pack', values, { ...float, N: { integer: values.length }, axis: { integer: 0 } });
}

export function reshapeLike(graph: Graph, x: Output, model: Output): Output {
  return graph.one('Reshape', [x, shapeOf(graph, model)], float);
}

/** A new axis of size 1 before the one named. */
export function expand(graph: Graph, x: Output, axis: number): Output {
  return graph.one('ExpandDims', [x, integer(graph, axis)], float);
}

/** Takes away an axis of size 1. */
export function squeeze(graph: Graph, x: Output, axis: number): Output {
  return graph.one('Squeeze', [x], { ...float, squeeze_dims: { integers: [axis] } });
}

export function shapeOf(graph: Graph, x: Output): Output {
  return graph.one('Shape', [x], float);
}

export function cast(graph: Graph, x: Output, from: DataType, to: DataType): Output {
  return graph.one('Cast', [x], { SrcT: { type: from }, DstT: { type: to } });
}

/** The size of an axis, int32, where it differs from run to run. */
export function sizeOfAxis(graph: Graph, x: Output, axis: number): Output {
  return graph.one('GatherV2', [shapeOf(graph, x), integer(graph, axis), integer(graph, 0)], {
    Tparams: { type: 'int32' },
    Tindices: { type: 'int32' },
    Taxis: { type: 'int32' },
  });
}

/** 0, 1, … below a limit, int32. */
export function range(graph: Graph, limit: Output): Output {
  return graph.one('Range', [integer(graph, 0), limit, integer(graph, 1)], { Tidx: { type: 'int32' } });
}

/** Positions of the largest value along the last of two axes, int32. */
export function argMax(graph: Graph, x: Output): Output {
  return graph.one('ArgMax', [x, integer(graph, 1)], { ...float, output_type: { type: 'int32' } });
}

/** 1 where `a` ≥ `b`, else 0. */
export function atLeast(graph: Graph, a: Output, b: Output): Output {
  return cast(graph, graph.one('GreaterEqual', [a, b], float), 'bool', 'float32');
}
