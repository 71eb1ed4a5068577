import type { Graph, Output } from '../graph/graph.ts';
import { loop } from '../graph/loop.ts';
import { add, concat, expand, integer, matMul, range, sizeOfAxis, withoutLast } from '../graph/operations.ts';
import { cellGradients, float, type LstmRun, type LstmWeights } from './lstm-cells.ts';

/**
 * An LSTM over sequences of unequal length, padded behind, in batches whose number of steps differs. Nothing of a real
 * step depends on the padding after it, and the padding has no gradient. So the output after a row's last real step is
 * all that is to be picked out: Keras's LSTM does as much with a mask, PyTorch's with packed sequences.
 */

/** Every row's output after its last real step, [rows, units], out of [steps, rows, units]. */
export function lastOutputs(graph: Graph, h: Output, lengths: Output): Output {
  const types = { Tparams: { type: 'float32' }, Tindices: { type: 'int32' } } as const;
  return graph.one('GatherNd', [h, lastSteps(graph, lengths)], types);
}

/** The gradient by all outputs, [steps, rows, units], from the one by `lastOutputs`. */
export function lastOutputGradients(graph: Graph, dy: Output, h: Output, lengths: Output): Output {
  const shape = graph.one('Shape', [h], float);
  return graph.one('ScatterNd', [lastSteps(graph, lengths), dy, shape], {
    ...float,
    Tindices: { type: 'int32' },
  });
}

const integers = { T: { type: 'int32' } } as const;

/** The place of every row's last real step in [steps, rows, …]: [rows, 2], int32. */
function lastSteps(graph: Graph, lengths: Output): Output {
  const rows = graph.one('Size', [lengths], { ...integers, out_type: { type: 'int32' } });
  const steps = graph.one('Sub', [lengths, integer(graph, 1)], integers);
  return graph.one('Pack', [steps, range(graph, rows)], {
    ...integers,
    N: { integer: 2 },
    axis: { integer: 1 },
  });
}

/**
 * The gradient by the gates' inputs at every step, [steps, rows, 4 × units]: for sequences of one length the graph has
 * operations for each step, here a loop goes through as many as the batch has. `dh`: by each step's output, [steps,
 * rows, units]. `name`: unique in the graph.
 */
export function loopedGateGradients(
  graph: Graph,
  name: string,
  run: LstmRun,
  dh: Output,
  weights: LstmWeights,
  toHidden: Output,
  units: number,
): Output {
  const steps = sizeOfAxis(graph, run.x, 0);
  const first = at(graph, run.x, integer(graph, 0));
  const peephole = graph.constant(new Float32Array(units), [units]);
  const previousCells = concat(graph, [expand(graph, run.zeroState, 0), withoutLast(graph, run.cell)], 0);
  const element = { dtype: { type: 'float32' } } as const;
  const [gates, flow] = graph.add('TensorArrayV3', [steps], element, { outputs: 2 });
  const written = loop(
    graph,
    name,
    [
      { type: 'int32', initial: graph.one('Sub', [steps, integer(graph, 1)], integers) },
      { type: 'float32', initial: run.zeroState },
      { type: 'float32', initial: run.zeroState },
      { type: 'float32', initial: flow },
    ],
    ({ variables: [step], outer }) =>
      graph.one('GreaterEqual', [step, outer(integer(graph, 0), 'int32')], integers),
    ({ variables: [step, cellGradient, fromLater, before], outer }) => {
      const now = (stacked: Output): Output =>
        at(graph, outer(stacked), step, (value) => outer(value, 'int32'));
      const [previousCellGradient, gate] = cellGradients(graph, {
        input: outer(first),
        zeroState: outer(run.zeroState),
        previousCell: now(previousCells),
        weights: { kernel: outer(weights.kernel), bias: outer(weights.bias) },
        peephole: outer(peephole),
        inputGate: now(run.inputGate),
        cell: now(run.cell),
        forgetGate: now(run.forgetGate),
        outputGate: now(run.outputGate),
        candidate: now(run.candidate),
        cellActivation: now(run.cellActivation),
        cellGradient,
        hiddenGradient: add(graph, now(dh), fromLater),
      });
      const after = graph.one('TensorArrayWriteV3', [outer(gates, 'resource'), step, gate, before], float);
      const earlier = graph.one('Sub', [step, outer(integer(graph, 1), 'int32')], integers);
      return [earlier, previousCellGradient, matMul(graph, gate, outer(toHidden)), after];
    },
  );
  return graph.one('TensorArrayGatherV3', [gates, range(graph, steps), written[3]], element);
}

/** One step out of [steps, …]. */
function at(graph: Graph, stacked: Output, step: Output, taken = (value: Output): Output => value): Output {
  return graph.one('GatherV2', [stacked, step, taken(integer(graph, 0))], {
    ...{ Tparams: { type: 'float32' }, Tindices: { type: 'int32' }, Taxis: { type: 'int32' } },
  });
}
