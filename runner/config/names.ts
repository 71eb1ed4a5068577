/** A stage's name is also a folder's and the first part of `--set stage.param=value`. */
export const stageName = /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u;

/** `train` and `['cnn', 'mfcc']` → `train[cnn,mfcc]`; the stage itself without values. */
export function instanceName(stage: string, values: readonly string[]): string {
  return values.length === 0 ? stage : `${stage}[${values.join(',')}]`;
}

/** A reference to instances: a stage alone, or with a value or `*` for each matrix key, or `[*]` for all. */
export interface Reference {
  readonly stage: string;
  /** Undefined without brackets. */
  readonly values: readonly string[] | undefined;
}

/** Reads `ingest`, `audio[48000]`, `train[*]`, `train[*,mfcc]`, `train[cnn,audio[48000]]`. Undefined where malformed. */
export function parseReference(text: string): Reference | undefined {
  const open = text.indexOf('[');
  if (open < 0) {
    return text === '' ? undefined : { stage: text, values: undefined };
  }
  if (open === 0 || !text.endsWith(']')) {
    return undefined;
  }
  const values = splitAtCommas(text.slice(open + 1, -1));
  return values === undefined || values.includes('') ? undefined : { stage: text.slice(0, open), values };
}

/**
 * Whether a value can stand in the name of an instance, and of its folder: brackets balanced, commas only inside
 * brackets, not only dots, nothing invisible.
 */
export function fitsInName(value: string): boolean {
  return (
    value !== '*' &&
    value.trim() === value &&
    !/^\.*$|[\p{Cc}\\]/u.test(value) &&
    splitAtCommas(value)?.length === 1
  );
}

/** What tells the folder of an instance from those of its siblings: its values as they stand in the folder's name. */
export function folderName(values: readonly string[]): string {
  return values.join('-').replaceAll(/[,/]/g, '-');
}

/** Splits at the commas outside brackets. Undefined where brackets do not balance. */
function splitAtCommas(text: string): string[] | undefined {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') {
      depth++;
    } else if (text[i] === ']' && --depth < 0) {
      return undefined;
    } else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return depth === 0 ? parts : undefined;
}

/** Whether an instance's values are among those a reference means. */
export function matches(reference: Reference, values: readonly string[]): boolean {
  const wanted = reference.values;
  if (wanted === undefined || (wanted.length === 1 && wanted[0] === '*')) {
    return true;
  }
  return wanted.length === values.length && wanted.every((value, i) => value === '*' || value === values[i]);
}
