import type { Graph, Output } from '../graph/graph.ts';
import { cast, multiply, range, sizeOfAxis } from '../graph/operations.ts';
import type { Shards } from './layer.ts';

/** Of each shard [rows, steps, …]: 1 at a row's real steps and 0 at its padding, [rows, steps, 1]. */
export function realSteps(graph: Graph, shards: Shards, lengths: Shards): Shards;
export function realSteps(graph: Graph, shards: Shards, lengths: Shards | undefined): Shards | undefined;
export function realSteps(graph: Graph, shards: Shards, lengths: Shards | undefined): Shards | undefined {
  return lengths?.map((length, i) => {
    const steps = range(graph, sizeOfAxis(graph, shards[i], 1));
    const column = expandIntegers(graph, length, 1);
    const isReal = graph.one('Less', [steps, column], { T: { type: 'int32' } });
    const mask = cast(graph, isReal, 'bool', 'float32');
    return graph.one('ExpandDims', [mask, graph.constant(Int32Array.of(2), [])], { T: { type: 'float32' } });
  });
}

/** Zero where the mask is; all of `x` where there is none. */
export function masked(graph: Graph, x: Output, mask: Output | undefined): Output {
  return mask === undefined ? x : multiply(graph, x, mask);
}

function expandIntegers(graph: Graph, x: Output, axis: number): Output {
  return graph.one('ExpandDims', [x, graph.constant(Int32Array.of(axis), [])], { T: { type: 'int32' } });
}
