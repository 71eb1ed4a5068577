import type { Expansion, ScoreLoss } from './loss.ts';
import type { RowSpace } from './row-space.ts';

export interface FitOptions {
  readonly classes: number;
  readonly C: number;
  readonly maxIterations: number;
  /** Of the gradient's norm, relative to that at the start. */
  readonly tolerance: number;
  /** Called before each Newton step; may throw to end the fit. */
  readonly onIteration?: (iteration: number) => void;
}

export interface LinearFit {
  /** Classes × dimension, row-major. */
  readonly weights: Float64Array;
  /** One a class. */
  readonly intercepts: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/** A point or a direction: weights in the row space, their product with X Xᵀ, and intercepts. */
interface Vector {
  /** Classes × rows. */
  readonly rows: Float64Array;
  /** `rows` X Xᵀ, kept beside it since each product is the greater part of the work. */
  readonly product: Float64Array;
  readonly intercepts: Float64Array;
}

/**
 * Minimises ½ ‖W‖² + C Σ loss(W x + b) over weights W and intercepts b, which are not penalised: scikit-learn's
 * objective. Newton's method, each step solved by conjugate gradients as far as the gradient allows and shortened
 * until the objective falls (Nocedal and Wright, "Numerical Optimization", algorithm 7.1). Weights stay in the row
 * space, where the inner product of A and B is that of their weights, tr(A X Xᵀ Bᵀ).
 */
export function fitLinear(space: RowSpace, loss: ScoreLoss, options: FitOptions): LinearFit {
  const { classes, C, maxIterations, tolerance } = options;
  const size = classes * space.rows;
  let point: Vector = {
    rows: new Float64Array(size),
    product: new Float64Array(size),
    intercepts: new Float64Array(classes),
  };
  let value = C * loss.value(scoresOf(point));
  let firstNorm: number | undefined;
  let iterations = 0;
  let converged = false;
  for (;;) {
    const expansion = loss.expand(scoresOf(point));
    const gradient = gradientAt(space, point, expansion, C);
    const norm = Math.sqrt(inner(gradient, gradient));
    firstNorm ??= norm;
    converged = norm <= tolerance * firstNorm;
    if (converged || iterations === maxIterations) break;
    options.onIteration?.(iterations);
    const step = newtonStep(space, expansion, C, gradient, norm, forcing(norm / firstNorm));
    const next = descend(point, step, gradient, value, loss, C);
    // Rounding leaves nothing to gain: as near as double precision comes.
    if (next === undefined) {
      converged = norm <= Math.sqrt(Number.EPSILON) * firstNorm;
      break;
    }
    ({ point, value } = next);
    iterations++;
  }
  return {
    weights: space.weights(point.rows, classes),
    intercepts: point.intercepts,
    iterations,
    converged,
  };
}

/** W x + b for every class and row. */
function scoresOf({ product, intercepts }: Vector): Float64Array {
  const rows = product.length / intercepts.length;
  return product.map((value, index) => value + intercepts[Math.floor(index / rows)]);
}

function inner(a: Vector, b: Vector): number {
  return dot(a.rows, b.product) + dot(a.intercepts, b.intercepts);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function gradientAt(space: RowSpace, point: Vector, { gradient }: Expansion, C: number): Vector {
  const classes = point.intercepts.length;
  const rows = point.rows.map((value, index) => value + C * gradient[index]);
  return {
    rows,
    product: space.product(rows, classes),
    intercepts: sumsByClass(gradient, classes).map((sum) => C * sum),
  };
}

function sumsByClass(values: Float64Array, classes: number): Float64Array {
  const rows = values.length / classes;
  const sums = new Float64Array(classes);
  for (let c = 0; c < classes; c++) for (let row = 0; row < rows; row++) sums[c] += values[c * rows + row];
  return sums;
}

/** How exactly a step is solved for: the more so the nearer the minimum is, which keeps the convergence superlinear. */
function forcing(relativeNorm: number): number {
  return Math.min(0.1, Math.sqrt(relativeNorm));
}

/** Solves Hessian · step = −gradient by conjugate gradients until the residual is `accuracy` of the gradient. */
function newtonStep(
  space: RowSpace,
  expansion: Expansion,
  C: number,
  gradient: Vector,
  gradientNorm: number,
  accuracy: number,
): Vector {
  const classes = gradient.intercepts.length;
  const step: Vector = {
    rows: new Float64Array(gradient.rows.length),
    product: new Float64Array(gradient.rows.length),
    intercepts: new Float64Array(classes),
  };
  let residual = negated(gradient);
  const direction = negated(gradient);
  let residualSquare = gradientNorm ** 2;
  const enough = (accuracy * gradientNorm) ** 2;
  for (let iteration = 0; iteration < mostInnerIterations && residualSquare > enough; iteration++) {
    const curved = expansion.curvature(scoresOf(direction));
    // Hessian · direction: the penalty's identity and the loss's curvature.
    const image = direction.rows.map((value, index) => value + C * curved[index]);
    const imageIntercepts = sumsByClass(curved, classes).map((sum) => C * sum);
    const curvature = dot(image, direction.product) + dot(imageIntercepts, direction.intercepts);
    if (!(curvature > 0)) break;
    const length = residualSquare / curvature;
    addScaled(step.rows, direction.rows, length);
    addScaled(step.product, direction.product, length);
    addScaled(step.intercepts, direction.intercepts, length);
    addScaled(residual.rows, image, -length);
    addScaled(residual.intercepts, imageIntercepts, -length);
    residual = { ...residual, product: space.product(residual.rows, classes) };
    const nextSquare = inner(residual, residual);
    const ratio = nextSquare / residualSquare;
    residualSquare = nextSquare;
    scaleAndAdd(direction.rows, ratio, residual.rows);
    scaleAndAdd(direction.product, ratio, residual.product);
    scaleAndAdd(direction.intercepts, ratio, residual.intercepts);
  }
  return step;
}

/** Conjugate gradients gain nothing more from iterations beyond this; a coarser Newton step is as good. */
const mostInnerIterations = 500;

/** Halves the step until the objective falls by a share of what its slope promises (Armijo's rule). */
function descend(
  point: Vector,
  step: Vector,
  gradient: Vector,
  value: number,
  loss: ScoreLoss,
  C: number,
): { point: Vector; value: number } | undefined {
  const slope = inner(gradient, step);
  for (let length = 1; length > 1e-10; length /= 2) {
    const next: Vector = {
      rows: moved(point.rows, step.rows, length),
      product: moved(point.product, step.product, length),
      intercepts: moved(point.intercepts, step.intercepts, length),
    };
    const nextValue = dot(next.rows, next.product) / 2 + C * loss.value(scoresOf(next));
    if (nextValue <= value + 1e-4 * length * slope) return { point: next, value: nextValue };
  }
  return undefined;
}

function negated({ rows, product, intercepts }: Vector): Vector {
  const negative = (values: Float64Array): Float64Array => values.map((value) => -value);
  return { rows: negative(rows), product: negative(product), intercepts: negative(intercepts) };
}

function moved(from: Float64Array, step: Float64Array, length: number): Float64Array {
  return from.map((value, index) => value + length * step[index]);
}

function addScaled(target: Float64Array, values: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] += factor * values[i];
}

function scaleAndAdd(target: Float64Array, factor: number, values: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = factor * target[i] + values[i];
}
