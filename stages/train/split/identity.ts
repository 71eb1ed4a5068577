import { nearNames, type Merged } from './spelling.ts';

/** What the names in a table say that a reader must know. */
export interface Remarks {
  readonly notes: readonly string[];
  readonly cautions: readonly string[];
}

/** Listed one by one up to so many. */
const listed = 5;

/** Of words that were taken for one. Those that look alike are a note, all others may be two things after all. */
export function describeMerged(noun: string, merged: readonly Merged[]): Remarks {
  const sentence = ({ spellings, differences, kept }: Merged): string =>
    `The ${noun}s ${spellings.map((word) => JSON.stringify(word)).join(' and ')} differ only in ${differences.join(' and ')}: ` +
    `they are taken for one ${noun}, ${JSON.stringify(kept)}.`;
  const alike = ({ spellings }: Merged): boolean =>
    new Set(spellings.map((word) => word.normalize('NFC').trim())).size === 1;
  const told = (those: readonly Merged[]): string[] => [
    ...those.slice(0, listed).map(sentence),
    ...(those.length > listed ? [`${those.length - listed} more ${noun}s are spelt in several ways.`] : []),
  ];
  return { notes: told(merged.filter(alike)), cautions: told(merged.filter((each) => !alike(each))) };
}

/** Of distinct names that may be one by a slip. `consequence`: what is wrong then. */
export function describeNear(
  noun: string,
  names: readonly string[],
  least: number,
  consequence: string,
): string[] {
  const near = nearNames(names, least);
  const sentences = near
    .slice(0, listed)
    .map(
      ({ names: [one, other], how }) =>
        `The ${noun}s ${JSON.stringify(one)} and ${JSON.stringify(other)} nearly agree, but for ${how}: if they are one, ${consequence}.`,
    );
  const more = near.length - sentences.length;
  return more > 0 ? [...sentences, `${more} more pairs of ${noun}s nearly agree.`] : sentences;
}

const numeric = /^[-+]?(\d+[.,]\d*|[.,]\d+)(e[-+]?\d+)?$/i;
const weighted = /[:=]\s*\d*[.,]?\d+\s*%?(\s*[;|,/+]|$)|[;|]/;

/** Of emotions that are no names of classes: numbers of a scale, and several emotions with weights. */
export function describeLabels(emotions: readonly string[]): string[] {
  return [
    ...describeThose(
      emotions.filter((emotion) => numeric.test(emotion)),
      'are numbers: continuous labels are no classes here, and each number counts as a class of its own',
    ),
    ...describeThose(
      emotions.filter((emotion) => weighted.test(emotion)),
      'hold several emotions or a weight: soft labels are no classes here, and each text counts as a class of its own',
    ),
  ];
}

function describeThose(those: readonly string[], what: string): string[] {
  if (those.length === 0) return [];
  const some = those.slice(0, 3).map((emotion) => JSON.stringify(emotion));
  const more = those.length > some.length ? ` and ${those.length - some.length} more` : '';
  return [`Emotions such as ${some.join(', ')}${more} ${what}: see docs/data-sets.md.`];
}
