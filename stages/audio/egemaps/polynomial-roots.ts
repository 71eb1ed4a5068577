const MOST_ROUNDS = 200;

/**
 * All complex roots of x^n + c[0] x^(n-1) + … + c[n-1] at once by Aberth's method (1973). They start from the same
 * places each time, so that a clip's result does not depend on what came before.
 */
export class PolynomialRoots {
  readonly real: Float64Array;
  readonly imaginary: Float64Array;

  constructor(degree: number) {
    this.real = new Float64Array(degree);
    this.imaginary = new Float64Array(degree);
  }

  solve(coefficients: Float64Array): void {
    this.spread();
    for (let round = 0; round < MOST_ROUNDS; round++) {
      if (this.refine(coefficients) < 1e-12) return;
    }
  }

  /** Starts on a circle, off the axis of real numbers: no two roots start as a conjugate pair. */
  private spread(): void {
    const degree = this.real.length;
    for (let root = 0; root < degree; root++) {
      const angle = (2 * Math.PI * (root + 0.37)) / degree;
      this.real[root] = 0.9 * Math.cos(angle);
      this.imaginary[root] = 0.9 * Math.sin(angle);
    }
  }

  /** Moves each root by Aberth's step and gives the greatest step. */
  private refine(coefficients: Float64Array): number {
    const { real, imaginary } = this;
    const degree = real.length;
    let greatest = 0;
    for (let root = 0; root < degree; root++) {
      const x = real[root];
      const y = imaginary[root];
      // Horner's scheme for the value p and the derivative d.
      let pr = 1;
      let pi = 0;
      let dr = 0;
      let di = 0;
      for (let index = 0; index < degree; index++) {
        const nextDr = dr * x - di * y + pr;
        di = dr * y + di * x + pi;
        dr = nextDr;
        const nextPr = pr * x - pi * y + coefficients[index];
        pi = pr * y + pi * x;
        pr = nextPr;
      }
      let sr = 0;
      let si = 0;
      for (let other = 0; other < degree; other++) {
        if (other === root) continue;
        const ar = x - real[other];
        const ai = y - imaginary[other];
        const norm = ar * ar + ai * ai;
        if (norm === 0) continue;
        sr += ar / norm;
        si -= ai / norm;
      }
      // The step is p / (d - p s).
      const br = dr - (pr * sr - pi * si);
      const bi = di - (pr * si + pi * sr);
      const norm = br * br + bi * bi;
      if (norm === 0) continue;
      const stepReal = (pr * br + pi * bi) / norm;
      const stepImaginary = (pi * br - pr * bi) / norm;
      real[root] = x - stepReal;
      imaginary[root] = y - stepImaginary;
      greatest = Math.max(greatest, Math.abs(stepReal) + Math.abs(stepImaginary));
    }
    return greatest;
  }
}
