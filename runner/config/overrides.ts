import { isCollection, isScalar, parseDocument } from 'yaml';
import { failure, success } from '../errors.ts';
import type { Place, Problem, Result } from '../errors.ts';
import { lowerFirst } from './suggest.ts';
import type { Entry, Located, LocatedScalar } from './located.ts';
import { parseReference } from './names.ts';
import { locatedAt } from './parse.ts';
import type { Reference } from './names.ts';

/** One `stage.param: value` of a profile, or one `--set stage.param=value`. */
export interface Override {
  readonly target: Reference;
  /** What follows the stage: the param's name, and below it the keys of maps. */
  readonly path: readonly string[];
  readonly entry: Entry;
}

/** Splits `train[0.5,mfcc].earlyStopping.patience` at the dots outside brackets. */
function splitPath(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let part = '';
  for (const character of text) {
    depth += character === '[' ? 1 : character === ']' ? -1 : 0;
    if (character === '.' && depth <= 0) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  return [...parts, part];
}

/** An override of a profile, or undefined where the key is no `stage.param`. */
export function profileOverride(key: string, entry: Entry): Override | undefined {
  const [stage = '', ...path] = splitPath(key);
  const target = parseReference(stage);
  return target === undefined || path.length === 0 || path.includes('') ? undefined : { target, path, entry };
}

/** Reads the arguments of `--set`. */
export function parseSets(set: readonly string[]): { overrides: Override[]; problems: Problem[] } {
  const results = set.map(parseSet);
  return {
    overrides: results.flatMap((result) => (result.ok ? [result.value] : [])),
    problems: results.flatMap((result) => (result.ok ? [] : result.problems)),
  };
}

function parseSet(argument: string): Result<Override> {
  const place: Place = { file: `--set ${argument}` };
  const equals = equalsSign(argument);
  const malformed = failure({
    message: 'expected stage.param=value',
    place,
    hint: 'for example --set mfcc.coefficients=13',
  });
  if (equals < 0) {
    return malformed;
  }
  const value = parseTyped(argument.slice(equals + 1), place);
  if (!value.ok) {
    return value;
  }
  const override = profileOverride(argument.slice(0, equals).trim(), { key: place, value: value.value });
  return override === undefined ? malformed : success(override);
}

/** The first `=` outside brackets. */
function equalsSign(argument: string): number {
  let depth = 0;
  for (let i = 0; i < argument.length; i++) {
    depth += argument[i] === '[' ? 1 : argument[i] === ']' ? -1 : 0;
    if (argument[i] === '=' && depth <= 0) {
      return i;
    }
  }
  return -1;
}

/** Reads a value as a YAML scalar or flow collection; whatever is neither is text as it stands. */
function parseTyped(typed: string, place: Place): Result<Located> {
  const text: LocatedScalar = { type: 'scalar', value: typed, place };
  const document = parseDocument(typed, { prettyErrors: false, uniqueKeys: false });
  const fault = [...document.errors, ...document.warnings].at(0);
  const { contents } = document;
  if (isCollection(contents) && contents.flow === true) {
    const read =
      fault === undefined
        ? locatedAt(document, place)
        : failure({ message: `not valid YAML: ${lowerFirst(fault.message)}`, place });
    if (read.ok) return read;
    const hint = 'quote text that begins with [ or {';
    return failure(...read.problems.map((problem) => ({ hint, ...problem })));
  }
  const hasComment = document.comment !== null || document.commentBefore !== null || contents?.comment;
  if (fault !== undefined || hasComment || !(contents === null || isScalar(contents))) {
    return success(text);
  }
  // What JSON cannot say, such as a number that would not be exact, is text.
  const node = locatedAt(document, place);
  return success(node.ok && node.value.type === 'scalar' ? { ...node.value, typed } : text);
}
