import type { Graph, Output } from '../graph/graph.ts';
import {
  add,
  concat,
  matMul,
  reshape,
  reshapeLike,
  slice,
  stack,
  transpose,
  unstack,
  withoutFirst,
  withoutLast,
} from '../graph/operations.ts';
import { glorotUniform, orthogonal, type Initializer } from '../initializers.ts';
import {
  blockLstm,
  cellGradients,
  float,
  type LstmRun,
  type LstmSize,
  type LstmWeights,
} from './lstm-cells.ts';
import { lastOutputGradients, lastOutputs, loopedGateGradients } from './lstm-unequal.ts';
import { sameInKeras, type LayerFactory, type Shards, type StockWeight, type Weight } from './layer.ts';

/**
 * Long short-term memory (Hochreiter and Schmidhuber, 1997; with a forget gate: Gers et al., 2000), as Keras's
 * default: sigmoid gates, tanh, no peepholes; [steps, inputs] to [units], or to [steps, units] with `sequences`.
 *
 * Forward, TensorFlow's BlockLSTM does all steps in one operation. Backward, its own gradient adds to the whole
 * weight gradient at every step; here each step has only what the step before it needs, and the weight gradient
 * is one product over all steps.
 *
 * One variable holds kernel over recurrent kernel, [inputs + units, 4 × units], its columns in BlockLSTM's order
 * of gates: input, cell, forget, output. Keras's order is input, forget, cell, output.
 */
export function lstm(units: number, sequences = false): LayerFactory {
  return ([steps, inputs], name) => {
    const kernel: Weight = {
      name: `${name}/kernel`,
      shape: [inputs + units, 4 * units],
      initializer: stackedKernel(inputs, units),
      trainable: true,
      decays: true,
    };
    const bias: Weight = {
      name: `${name}/bias`,
      shape: [4 * units],
      initializer: forgetBias(units),
      trainable: true,
      decays: false,
    };
    return {
      name,
      type: 'LSTM',
      outputShape: sequences ? [steps, units] : [units],
      weights: [kernel, bias],
      build(context, shards, lengths) {
        const { graph } = context;
        const size: LstmSize = { steps, inputs, units };
        const weights = { kernel: context.read(kernel), bias: context.read(bias) };
        const runs = shards.map((x) => blockLstm(graph, transpose(graph, x, [1, 0, 2]), weights, size));
        const lastOf = ({ h }: LstmRun, shard: number): Output =>
          lengths === undefined
            ? reshape(graph, slice(graph, h, [steps - 1, 0, 0], [1, -1, -1]), [-1, units])
            : lastOutputs(graph, h, lengths[shard]);
        return {
          outputs: sequences ? runs.map(({ h }) => transpose(graph, h, [1, 0, 2])) : runs.map(lastOf),
          lengths: sequences ? lengths : undefined,
          backward(gradients): Shards {
            const [toInputs, toHidden] = transposedKernels(graph, weights.kernel, size);
            const gates = gradients.map((dy, i) => {
              if (lengths !== undefined) {
                const dh = sequences
                  ? transpose(graph, dy, [1, 0, 2])
                  : lastOutputGradients(graph, dy, runs[i].h, lengths[i]);
                const loop = `${name}/backward/${i}`;
                return loopedGateGradients(graph, loop, runs[i], dh, weights, toHidden, units);
              }
              const dh: (Output | undefined)[] = Array<undefined>(steps).fill(undefined);
              if (sequences) dh.splice(0, steps, ...unstack(graph, transpose(graph, dy, [1, 0, 2]), steps));
              else dh[steps - 1] = dy;
              return gateGradients(graph, runs[i], dh, weights, toHidden, size);
            });
            const byWeights = gates.map((gate, i) => weightGradients(graph, runs[i], gate, size));
            context.gradient(
              kernel,
              byWeights.map((part) => part.kernel),
            );
            context.gradient(
              bias,
              byWeights.map((part) => part.bias),
            );
            return gates.map((gate, i) => {
              const dx = matMul(graph, reshape(graph, gate, [-1, 4 * units]), toInputs);
              return transpose(graph, reshapeLike(graph, dx, runs[i].x), [1, 0, 2]);
            });
          },
        };
      },
      stock: () => ({
        className: 'LSTM',
        config: {
          units,
          activation: 'tanh',
          recurrent_activation: 'sigmoid',
          use_bias: true,
          unit_forget_bias: true,
          return_sequences: sequences,
        },
        weights: stockWeights(kernel, bias, inputs, units),
      }),
    };
  };
}

/**
 * The gradient by the gates' inputs at every step, [steps, rows, 4 × units]. `outputGradients`: by each step's
 * output, where there is one.
 */
function gateGradients(
  graph: Graph,
  run: LstmRun,
  outputGradients: readonly (Output | undefined)[],
  weights: LstmWeights,
  toHidden: Output,
  { steps, units }: LstmSize,
): Output {
  const [inputGate, cell, forgetGate, outputGate, candidate, cellActivation] = [
    ...[run.inputGate, run.cell, run.forgetGate, run.outputGate, run.candidate, run.cellActivation],
  ].map((value) => unstack(graph, value, steps));
  const [firstInput] = unstack(graph, run.x, steps);
  const peephole = graph.constant(new Float32Array(units), [units]);
  const gates: Output[] = [];
  let cellGradient = run.zeroState;
  let fromLater: Output | undefined;
  for (let step = steps - 1; step >= 0; step--) {
    const own = outputGradients[step];
    const hiddenGradient = own && fromLater ? add(graph, own, fromLater) : (own ?? fromLater);
    const [previousCellGradient, gate] = cellGradients(graph, {
      ...{ input: firstInput, zeroState: run.zeroState, weights, peephole },
      previousCell: step === 0 ? run.zeroState : cell[step - 1],
      ...{ inputGate: inputGate[step], cell: cell[step], forgetGate: forgetGate[step] },
      ...{ outputGate: outputGate[step], candidate: candidate[step], cellActivation: cellActivation[step] },
      ...{ cellGradient, hiddenGradient: hiddenGradient ?? run.zeroState },
    });
    gates[step] = gate;
    cellGradient = previousCellGradient;
    if (step > 0) fromLater = matMul(graph, gate, toHidden);
  }
  return stack(graph, gates);
}

/** The kernel's parts for inputs and for the previous output, transposed: [4 × units, inputs] and [4 × units, units]. */
function transposedKernels(graph: Graph, kernel: Output, { inputs, units }: LstmSize): [Output, Output] {
  return [
    transposed(graph, slice(graph, kernel, [0, 0], [inputs, -1]), inputs, 4 * units),
    transposed(graph, slice(graph, kernel, [inputs, 0], [-1, -1]), units, 4 * units),
  ];
}

/**
 * A matrix transposed once. TensorFlow would fold a plain transpose into each of the products that use it, and
 * these take half as long again on a transposed factor; the detour over three axes it leaves alone.
 */
function transposed(graph: Graph, matrix: Output, rows: number, columns: number): Output {
  const single = reshape(graph, matrix, [1, rows, columns]);
  return reshape(graph, transpose(graph, single, [0, 2, 1]), [columns, rows]);
}

/** The gradients by kernel and bias: products over all steps and rows. */
function weightGradients(
  graph: Graph,
  run: LstmRun,
  gates: Output,
  { inputs, units }: LstmSize,
): { kernel: Output; bias: Output } {
  const flat = (value: Output, width: number): Output => reshape(graph, value, [-1, width]);
  const x = flat(run.x, inputs);
  const ofOnes = graph.one('OnesLike', [slice(graph, x, [0, 0], [-1, 1])], float);
  // The bias is the kernel's row for an input that is always one.
  const byInputs = matMul(graph, concat(graph, [x, ofOnes], 1), flat(gates, 4 * units), { a: true });
  // The first step's previous output is zero, and so is its share.
  const [previous, later] = [withoutLast(graph, run.h), withoutFirst(graph, gates)];
  const byHidden = matMul(graph, flat(previous, units), flat(later, 4 * units), { a: true });
  return {
    kernel: concat(graph, [slice(graph, byInputs, [0, 0], [inputs, -1]), byHidden], 0),
    bias: reshape(graph, slice(graph, byInputs, [inputs, 0], [1, -1]), [4 * units]),
  };
}

function stackedKernel(inputs: number, units: number): Initializer {
  return async (_, random) => {
    const kernel = await glorotUniform([inputs, 4 * units], random);
    const recurrent = await orthogonal([units, 4 * units], random);
    const stacked = new Float32Array((inputs + units) * 4 * units);
    stacked.set(kernel);
    stacked.set(recurrent, kernel.length);
    return stacked;
  };
}

/** Ones for the forget gate (Jozefowicz et al., 2015), zeros elsewhere. */
function forgetBias(units: number): Initializer {
  return () => new Float32Array(4 * units).fill(1, 2 * units, 3 * units);
}

function stockWeights(kernel: Weight, bias: Weight, inputs: number, units: number): StockWeight[] {
  const rowsOf = (weight: Weight, first: number, count: number): StockWeight['read'] => {
    const whole = sameInKeras(weight);
    return (values) =>
      inKerasOrder(whole.read(values).subarray(first * 4 * units, (first + count) * 4 * units), units);
  };
  return [
    { name: kernel.name, shape: [inputs, 4 * units], read: rowsOf(kernel, 0, inputs) },
    {
      name: kernel.name.replace(/kernel$/, 'recurrent_kernel'),
      shape: [units, 4 * units],
      read: rowsOf(kernel, inputs, units),
    },
    { name: bias.name, shape: [4 * units], read: rowsOf(bias, 0, 1) },
  ];
}

/** Swaps the columns of the cell and of the forget gate in every row of four gates. */
function inKerasOrder(rows: Float32Array, units: number): Float32Array {
  const swapped = Float32Array.from(rows);
  for (let start = 0; start < rows.length; start += 4 * units) {
    const cell = rows.subarray(start + units, start + 2 * units);
    swapped.set(rows.subarray(start + 2 * units, start + 3 * units), start + units);
    swapped.set(cell, start + 2 * units);
  }
  return swapped;
}
