/** Fewer rows than these tell nothing: they come out of a process several at a time. */
const fewest = 8;

/** So long before the end of a shard the next one is asked for, which Temporal may take some seconds to hand out … */
const endMilliseconds = 5000;
/** … but no longer than this part of a shard: meanwhile nobody else can have it. */
const endPart = 0.25;

/** How long a row takes, without what a process does before its first. */
export class RowPace {
  #first: { readonly at: number; readonly done: number } | undefined;
  #last: { readonly at: number; readonly done: number } | undefined;

  /** @param done rows finished so far. */
  note(done: number): void {
    if (done === 0) return;
    this.#last = { at: performance.now(), done };
    this.#first ??= this.#last;
  }

  /** Whether so many rows will soon be done. */
  endsSoon(rows: number): boolean {
    const perRow = this.millisecondsPerRow;
    if (perRow === undefined || this.#last === undefined) return false;
    const left = (rows - this.#last.done) * perRow;
    return left <= Math.min(endMilliseconds, rows * perRow * endPart);
  }

  get millisecondsPerRow(): number | undefined {
    if (this.#first === undefined || this.#last === undefined) return undefined;
    const rows = this.#last.done - this.#first.done;
    return rows < fewest ? undefined : (this.#last.at - this.#first.at) / rows;
  }
}
