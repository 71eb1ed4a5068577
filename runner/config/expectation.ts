import { z } from 'zod';
import type { Located } from './located.ts';

type Issue = z.core.$ZodIssue;

const typeNames: Readonly<Record<string, string>> = {
  int: 'an integer',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  map: 'a map',
  null: 'null',
};

/** What a value must be, to follow `must be`. */
export function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return issue.values.length === 1
        ? json(issue.values[0])
        : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return size(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'too_big':
      return size(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return 'pattern' in issue && typeof issue.pattern === 'string'
        ? `text that matches ${issue.pattern}`
        : `text in the form of ${issue.format}`;
    case 'invalid_union':
      return unionExpectation(issue);
    default:
      return `valid (${issue.message})`;
  }
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  if ('options' in issue && issue.options !== undefined) {
    return `one of ${issue.options.map(String).join(', ')}`;
  }
  return alternatives([...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectation)))]);
}

function alternatives(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** `layers[1]`, `earlyStopping.patience`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${String(step)}`))
    .join('');
}

function size(origin: string, comparison: string, limit: number | bigint): string {
  if (origin === 'string') {
    return comparison === 'at least' && limit === 1
      ? 'text that is not empty'
      : `text of ${comparison} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  }
  if (origin === 'array' || origin === 'set' || origin === 'object') {
    return `${origin === 'object' ? 'a map' : 'a list'} of ${comparison} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  }
  return `${comparison} ${limit}`;
}

const english = z.locales.en().localeError;

/** The message that the schema's author wrote, where it is not zod's own. */
export function saidByAuthor(issue: Issue): string | undefined {
  const standard = issue.code === 'custom' ? undefined : english({ ...issue, input: undefined });
  const text = typeof standard === 'string' ? standard : standard?.message;
  // zod's message of a wrong type ends in the type received, which is no longer known here.
  const isStandard = text?.split(', received')[0] === issue.message.split(', received')[0];
  return isStandard ? undefined : issue.message;
}

/** A value as it is shown in a message. */
export function shown(node: Located): string {
  switch (node.type) {
    case 'list':
      return node.items.length === 0 ? 'an empty list' : 'a list';
    case 'map':
      return 'a map';
    case 'scalar':
      return json(node.value);
  }
}

function json(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? String(inner) : inner,
  ) as string | undefined;
  const line = text ?? String(value);
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
