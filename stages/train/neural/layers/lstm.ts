import type { Graph, Output } from '../graph/graph.ts';
import {
  add,
  cast,
  concat,
  integer,
  matMul,
  multiply,
  reshape,
  slice,
  stack,
  transpose,
  unstack,
} from '../graph/operations.ts';
import { glorotUniform, orthogonal, type Initializer } from '../initializers.ts';
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
      build(context, shards) {
        const { graph } = context;
        const size: Size = { steps, inputs, units };
        const weights = { kernel: context.read(kernel), bias: context.read(bias) };
        const runs = shards.map((x) => forward(graph, transpose(graph, x, [1, 0, 2]), weights, size));
        return {
          outputs: runs.map(({ h }) =>
            sequences
              ? transpose(graph, h, [1, 0, 2])
              : reshape(graph, slice(graph, h, [steps - 1, 0, 0], [1, -1, -1]), [-1, units]),
          ),
          backward(gradients): Shards {
            const [toInputs, toHidden] = transposedKernels(graph, weights.kernel, size);
            const gates = gradients.map((dy, i) => {
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
            return gates.map((gate) => {
              const dx = matMul(graph, reshape(graph, gate, [-1, 4 * units]), toInputs);
              // The rows of a shard differ from batch to batch, the steps do not.
              return transpose(graph, reshape(graph, dx, [steps, -1, inputs]), [1, 0, 2]);
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

interface Size {
  readonly steps: number;
  readonly inputs: number;
  readonly units: number;
}

interface Weights {
  readonly kernel: Output;
  readonly bias: Output;
}

/** What the forward pass leaves for the backward one; each [steps, rows, units] but the two first. */
interface Run {
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

const float = { T: { type: 'float32' } } as const;
const noPeephole = { use_peephole: { bool: false } } as const;

function forward(graph: Graph, x: Output, weights: Weights, { steps, units }: Size): Run {
  const column = reshape(graph, slice(graph, x, [0, 0, 0], [1, -1, 1]), [-1, 1]);
  const zeroState = multiply(graph, column, graph.constant(new Float32Array(units), [1, units]));
  const peephole = graph.constant(new Float32Array(units), [units]);
  const [inputGate, cell, forgetGate, outputGate, candidate, cellActivation, h] = graph.add(
    'BlockLSTM',
    [
      cast(graph, integer(graph, steps), 'int32', 'int64'),
      ...[x, zeroState, zeroState, weights.kernel, peephole, peephole, peephole, weights.bias],
    ],
    // The bias holds the forget gate's offset already, and a clip of -1 means none.
    { ...float, ...noPeephole, forget_bias: { float: 0 }, cell_clip: { float: -1 } },
    { outputs: 7 },
  );
  return { x, zeroState, inputGate, cell, forgetGate, outputGate, candidate, cellActivation, h };
}

/**
 * The gradient by the gates' inputs at every step, [steps, rows, 4 × units]. `outputGradients`: by each step's
 * output, where there is one.
 */
function gateGradients(
  graph: Graph,
  run: Run,
  outputGradients: readonly (Output | undefined)[],
  weights: Weights,
  toHidden: Output,
  { steps, units }: Size,
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
    const [previousCellGradient, gate] = graph.add(
      'LSTMBlockCellGrad',
      [
        // Of input and previous output the operation looks at the shapes alone.
        ...[firstInput, step === 0 ? run.zeroState : cell[step - 1], run.zeroState],
        ...[weights.kernel, peephole, peephole, peephole, weights.bias],
        ...[inputGate[step], cell[step], forgetGate[step], outputGate[step], candidate[step]],
        ...[cellActivation[step], cellGradient, hiddenGradient ?? run.zeroState],
      ],
      { ...float, ...noPeephole },
      { outputs: 5 },
    );
    gates[step] = gate;
    cellGradient = previousCellGradient;
    if (step > 0) fromLater = matMul(graph, gate, toHidden);
  }
  return stack(graph, gates);
}

/** The kernel's parts for inputs and for the previous output, transposed: [4 × units, inputs] and [4 × units, units]. */
function transposedKernels(graph: Graph, kernel: Output, { inputs, units }: Size): [Output, Output] {
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
  run: Run,
  gates: Output,
  { steps, inputs, units }: Size,
): { kernel: Output; bias: Output } {
  const flat = (value: Output, width: number): Output => reshape(graph, value, [-1, width]);
  const x = flat(run.x, inputs);
  const ofOnes = graph.one('OnesLike', [slice(graph, x, [0, 0], [-1, 1])], float);
  // The bias is the kernel's row for an input that is always one.
  const byInputs = matMul(graph, concat(graph, [x, ofOnes], 1), flat(gates, 4 * units), { a: true });
  // The first step's previous output is zero, and so is its share.
  const previous = slice(graph, run.h, [0, 0, 0], [steps - 1, -1, -1]);
  const later = slice(graph, gates, [1, 0, 0], [-1, -1, -1]);
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
