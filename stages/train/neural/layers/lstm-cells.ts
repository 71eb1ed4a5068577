import type { Graph, Output } from '../graph/graph.ts';
import { cast, integer, multiply, reshape, sizeOfAxis, slice } from '../graph/operations.ts';

export interface LstmSize {
  /** -1 where it differs from batch to batch. */
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

export interface LstmWeights {
  /** Kernel over recurrent kernel, [inputs + units, 4 × units]. */
  readonly kernel: Output;
  readonly bias: Output;
}

/** What the forward pass leaves for the backward one; each [steps, rows, units] but the two first. */
export interface LstmRun {
  /** [steps, rows, inputs] */
  readonly x: Output;
  /** [rows, units] */
  readonly zeroState: Output;
  readonly inputGate: Output;
  readonly cell: Output;
  readonly forgetGate: Output;
  readonly outputGate: Output;
  readonly candidate: Output;
  readonly cellActivation: Output;
  readonly h: Output;
}

export const float = { T: { type: 'float32' } } as const;
const noPeephole = { use_peephole: { bool: false } } as const;

/** All steps of an LSTM in one operation. `x`: [steps, rows, inputs]. */
export function blockLstm(
  graph: Graph,
  x: Output,
  weights: LstmWeights,
  { steps, units }: LstmSize,
): LstmRun {
  const count = steps === -1 ? sizeOfAxis(graph, x, 0) : integer(graph, steps);
  const column = reshape(graph, slice(graph, x, [0, 0, 0], [1, -1, 1]), [-1, 1]);
  const zeroState = multiply(graph, column, graph.constant(new Float32Array(units), [1, units]));
  const peephole = graph.constant(new Float32Array(units), [units]);
  const [inputGate, cell, forgetGate, outputGate, candidate, cellActivation, h] = graph.add(
    'BlockLSTM',
    [
      cast(graph, count, 'int32', 'int64'),
      x,
      zeroState,
      zeroState,
      weights.kernel,
      peephole,
      peephole,
      peephole,
      weights.bias,
    ],
    // The bias holds the forget gate's offset already, and a clip of -1 means none.
    { ...float, ...noPeephole, forget_bias: { float: 0 }, cell_clip: { float: -1 } },
    { outputs: 7 },
  );
  return { x, zeroState, inputGate, cell, forgetGate, outputGate, candidate, cellActivation, h };
}

/** One step's share of what `cellGradients` goes by: all [rows, units] but the first. */
export interface CellStep {
  /** [rows, inputs]. Of it and of the previous output the operation looks at the shapes alone. */
  readonly input: Output;
  readonly zeroState: Output;
  readonly previousCell: Output;
  readonly weights: LstmWeights;
  /** [units], zeros. */
  readonly peephole: Output;
  readonly inputGate: Output;
  readonly cell: Output;
  readonly forgetGate: Output;
  readonly outputGate: Output;
  readonly candidate: Output;
  readonly cellActivation: Output;
  /** By this step's cell, from the step after it. */
  readonly cellGradient: Output;
  /** By this step's output. */
  readonly hiddenGradient: Output;
}

/** The gradients of one step by the previous cell, [rows, units], and by the gates' inputs, [rows, 4 × units]. */
export function cellGradients(graph: Graph, step: CellStep): [Output, Output] {
  const { weights, peephole } = step;
  const [previousCellGradient, gate] = graph.add(
    'LSTMBlockCellGrad',
    [
      ...[step.input, step.previousCell, step.zeroState],
      ...[weights.kernel, peephole, peephole, peephole, weights.bias],
      ...[step.inputGate, step.cell, step.forgetGate, step.outputGate, step.candidate],
      ...[step.cellActivation, step.cellGradient, step.hiddenGradient],
    ],
    { ...float, ...noPeephole },
    { outputs: 5 },
  );
  return [previousCellGradient, gate];
}
