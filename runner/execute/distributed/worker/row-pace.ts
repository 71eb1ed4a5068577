/** Fewer rows than these tell nothing: they come out of a process several at a time. */
const fewest = 8;

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

  get millisecondsPerRow(): number | undefined {
    if (this.#first === undefined || this.#last === undefined) return undefined;
    const rows = this.#last.done - this.#first.done;
    return rows < fewest ? undefined : (this.#last.at - this.#first.at) / rows;
  }
}
