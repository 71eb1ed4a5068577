/** Statistics of numbers. Those that are NaN or infinite are counted and otherwise left out. */
export interface NumberStatistics {
  /** Finite values. */
  readonly count: number;
  readonly nan: number;
  readonly infinite: number;
  /** Null where there is no finite value, as are the others. */
  readonly min: number | null;
  readonly mean: number | null;
  readonly max: number | null;
  /** Of the population: divided by `count`, as numpy does. */
  readonly std: number | null;
}

/**
 * Statistics of numbers that come in portions. Mean and variance are merged portion by portion (Chan, Golub and
 * LeVeque, 1979), which loses no digits where the mean is large beside the spread.
 */
export class RunningStatistics {
  #count = 0;
  #nan = 0;
  #infinite = 0;
  #min = Infinity;
  #max = -Infinity;
  #mean = 0;
  /** Sum of squared distances from the mean. */
  #squares = 0;

  add(values: ArrayLike<number>): void {
    let count = 0;
    let sum = 0;
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (!Number.isFinite(value)) {
        if (Number.isNaN(value)) this.#nan++;
        else this.#infinite++;
        continue;
      }
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
      count++;
      sum += value;
    }
    if (count === 0) return;
    const mean = sum / count;
    let squares = 0;
    for (let index = 0; index < values.length; index++) {
      const distance = values[index] - mean;
      if (Number.isFinite(distance)) squares += distance * distance;
    }
    this.#merge(count, mean, squares);
  }

  result(): NumberStatistics {
    const isEmpty = this.#count === 0;
    return {
      count: this.#count,
      nan: this.#nan,
      infinite: this.#infinite,
      min: isEmpty ? null : this.#min,
      mean: isEmpty ? null : this.#mean,
      max: isEmpty ? null : this.#max,
      std: isEmpty ? null : Math.sqrt(this.#squares / this.#count),
    };
  }

  #merge(count: number, mean: number, squares: number): void {
    const total = this.#count + count;
    const distance = mean - this.#mean;
    this.#squares += squares + (distance * distance * this.#count * count) / total;
    this.#mean += (distance * count) / total;
    this.#count = total;
  }
}

/** Which texts there are, up to a number that memory and eyes can take. */
export interface TextStatistics {
  /** Different values; where `isCapped`, there are more. */
  readonly distinct: number;
  readonly isCapped: boolean;
  /** The most frequent of them, most frequent first. */
  readonly common: readonly { readonly value: string; readonly count: number }[];
}

const distinctKept = 10_000;
const commonShown = 12;

export class RunningTexts {
  readonly #counts = new Map<string, number>();
  #isCapped = false;

  add(value: string): void {
    const count = this.#counts.get(value);
    if (count === undefined && this.#counts.size >= distinctKept) this.#isCapped = true;
    else this.#counts.set(value, (count ?? 0) + 1);
  }

  result(): TextStatistics {
    const sorted = [...this.#counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return {
      distinct: this.#counts.size,
      isCapped: this.#isCapped,
      common: sorted.slice(0, commonShown).map(([value, count]) => ({ value, count })),
    };
  }
}
