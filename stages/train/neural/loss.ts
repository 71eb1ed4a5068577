import type { Graph, Output } from './graph/graph.ts';
import { add, binary, multiply, scalar, subtract, unary } from './graph/operations.ts';

/**
 * `crossEntropy`: ce. `focal`: α (1 − pt)^γ ce with pt = exp(−ce), as the study applies it to the cross-entropy of
 * each row (after Lin et al., 2017, whose α weighs classes).
 */
export type LossFunction =
  | { readonly type: 'crossEntropy' }
  | { readonly type: 'focal'; readonly alpha: number; readonly gamma: number };

export interface LossGraph {
  /** One a row. */
  readonly losses: Output;
  /** The gradient of Σ weight · loss by the logits, [rows, classes]. */
  readonly gradient: Output;
}

/** `targets` are distributions, [rows, classes]; `weights`, one a row, hold the factor of the mean as well. */
export function buildLoss(
  graph: Graph,
  loss: LossFunction,
  logits: Output,
  targets: Output,
  weights: Output,
): LossGraph {
  const [crossEntropy, towardsTargets] = graph.add(
    'SoftmaxCrossEntropyWithLogits',
    [logits, targets],
    { T: { type: 'float32' } },
    { outputs: 2 },
  );
  const { losses, slope } = outerFunction(graph, loss, crossEntropy);
  const weighted = slope === undefined ? weights : multiply(graph, slope, weights);
  const column = graph.one('ExpandDims', [weighted, graph.constant(Int32Array.of(1), [])], {
    T: { type: 'float32' },
  });
  return { losses, gradient: multiply(graph, towardsTargets, column) };
}

/** The loss as a function of the cross-entropy, and its derivative (none: 1). */
function outerFunction(
  graph: Graph,
  loss: LossFunction,
  crossEntropy: Output,
): { losses: Output; slope?: Output } {
  if (loss.type === 'crossEntropy') return { losses: crossEntropy };
  const alpha = scalar(graph, loss.alpha);
  if (loss.gamma === 0) {
    const losses = multiply(graph, crossEntropy, alpha);
    return {
      losses,
      slope: graph.one('Fill', [shapeOf1d(graph, crossEntropy), alpha], { T: { type: 'float32' } }),
    };
  }
  const gamma = scalar(graph, loss.gamma);
  const pt = unary(graph, 'Exp', unary(graph, 'Neg', crossEntropy));
  // A γ below 1 would give an infinite slope where the row is certain.
  const rest = binary(graph, 'Maximum', subtract(graph, scalar(graph, 1), pt), scalar(graph, 1e-7));
  const modulation = multiply(graph, alpha, binary(graph, 'Pow', rest, gamma));
  // d/dce [α (1 − pt)^γ ce] = α (1 − pt)^γ + α γ (1 − pt)^(γ − 1) pt ce, since d pt / d ce = −pt.
  const turn = multiply(graph, gamma, binary(graph, 'RealDiv', multiply(graph, pt, crossEntropy), rest));
  return {
    losses: multiply(graph, modulation, crossEntropy),
    slope: multiply(graph, modulation, add(graph, scalar(graph, 1), turn)),
  };
}

function shapeOf1d(graph: Graph, x: Output): Output {
  return graph.one('Shape', [x], { T: { type: 'float32' } });
}
