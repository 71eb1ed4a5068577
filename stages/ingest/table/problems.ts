import { StageFailure } from '../../../runner/kind/index.ts';

export interface LineProblem {
  readonly message: string;
  /** The way out. */
  readonly hint: string;
}

/** With more than these, the fault is not in the lines. */
const shown = 20;

/** What is wrong with the lines of a table, to be told all at once. */
export class LineProblems {
  readonly #place: string;
  readonly #problems: { line: number; problem: LineProblem }[] = [];

  constructor(place: string) {
    this.#place = place;
  }

  add(line: number, problem: LineProblem): void {
    this.#problems.push({ line, problem });
  }

  /** Throws StageFailure with the place of each. */
  throwIfAny(): void {
    if (this.#problems.length === 0) return;
    if (this.#problems.length === 1) {
      const [{ line, problem }] = this.#problems;
      throw new StageFailure(problem.message, { place: `${this.#place}:${line}`, hint: problem.hint });
    }
    const listed = this.#problems
      .slice(0, shown)
      .map(({ line, problem }) => `${this.#place}:${line}: ${problem.message}`);
    const more = this.#problems.length - listed.length;
    const hints = [...new Set(this.#problems.map(({ problem }) => problem.hint))].slice(0, 3);
    throw new StageFailure(
      [
        `${this.#problems.length} lines cannot be used`,
        ...listed,
        ...(more > 0 ? [`and ${more} more`] : []),
      ].join('\n'),
      { place: this.#place, hint: hints.join('; ') },
    );
  }
}
