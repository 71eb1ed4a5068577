import type { SourceRow } from '../../../runner/kind/index.ts';
import type { Labels } from './naming.ts';

type Attributes = NonNullable<SourceRow['attributes']>;

/** One object for all recordings of equal labels: a large corpus has many recordings of few labels. */
export class DistinctLabels {
  readonly #known = new Map<string, Attributes>();

  of(labels: Labels): Attributes {
    const key = JSON.stringify(labels);
    let attributes = this.#known.get(key);
    if (attributes === undefined) {
      attributes = { ...labels };
      this.#known.set(key, attributes);
    }
    return attributes;
  }
}
