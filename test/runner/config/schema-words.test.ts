import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { defineKind } from '../../../runner/kind/index.ts';
import { registry } from './kinds.ts';
import { plan, problemsOf } from './plan.ts';

/** What is said of one param with a schema, given a value in YAML; undefined where the value is right. */
async function said(schema: z.ZodType, value: string): Promise<string | undefined> {
  const problems = await problemsOf(`stages:\n  a: {uses: thing, with: {p: ${value}}}\n`, {
    kinds: registry([kindOf(z.strictObject({ p: schema }))]),
  });
  return (
    problems.map(({ message, hint }) => [message, hint].filter(Boolean).join(' | ')).join('\n') || undefined
  );
}

function kindOf(params: z.ZodObject) {
  return defineKind({
    name: 'thing',
    summary: '',
    params,
    inputs: {},
    load: () => Promise.reject(new Error()),
  });
}

describe('what is said of a value that a schema refuses', () => {
  it.each<[string, z.ZodType, string, string]>([
    ['text', z.string(), '3', 'param p must be text, not 3'],
    ['a number', z.number(), '[1]', 'param p must be a number, not a list'],
    ['an integer', z.int(), '1.5', 'param p must be an integer, not 1.5'],
    ['a boolean', z.boolean(), 'yes', 'param p must be true or false, not "yes"'],
    ['a list', z.array(z.string()), '{a: 1}', 'param p must be a list, not a map'],
    ['a map', z.record(z.string(), z.number()), '[]', 'param p must be a map, not an empty list'],
    ['null', z.null(), '3', 'param p must be null, not 3'],
    ['a date', z.date(), '3', 'param p must be a date, not 3'],
    ['at least', z.number().min(2), '1', 'param p must be at least 2, not 1'],
    ['more than', z.number().gt(2), '2', 'param p must be more than 2, not 2'],
    ['at most', z.number().max(2), '3', 'param p must be at most 2, not 3'],
    ['less than', z.number().lt(2), '2', 'param p must be less than 2, not 2'],
    ['a multiple', z.number().multipleOf(3), '4', 'param p must be a multiple of 3, not 4'],
    ['no empty text', z.string().min(1), '""', 'param p must be text that is not empty'],
    ['long text', z.string().min(3), 'ab', 'param p must be text of at least 3 characters, not "ab"'],
    ['short text', z.string().max(1), 'ab', 'param p must be text of at most 1 character, not "ab"'],
    [
      'a long list',
      z.array(z.int()).min(2),
      '[1]',
      'param p must be a list of at least 2 entries, not a list',
    ],
    [
      'one of',
      z.enum(['mean', 'max']),
      'men',
      'param p must be one of mean, max, not "men" | did you mean mean?',
    ],
    ['a literal', z.literal('all'), 'some', 'param p must be "all", not "some"'],
    ['a pattern', z.string().regex(/^a+$/), 'b', 'param p must be text that matches /^a+$/, not "b"'],
    ['a format', z.url(), 'b', 'param p must be text in the form of url, not "b"'],
    [
      'a choice',
      z.union([z.int(), z.literal('all'), z.null()]),
      'x',
      'param p must be a number, "all" or null, not "x"',
    ],
    [
      'the author, as a rule',
      z.number().refine((n) => n % 2 === 1, 'must be odd'),
      '2',
      'param p must be odd',
    ],
    ['the author, as a sentence', z.number().min(1, 'zero breaks it'), '0', 'param p: zero breaks it'],
    ['an entry', z.array(z.int()), '[1, x]', 'param p[1] must be a number, not "x"'],
    [
      'an entry of a map',
      z.record(z.string(), z.int()),
      '{a: {b: 1}}',
      'param p.a must be a number, not a map',
    ],
    [
      'a key',
      z.strictObject({ step: z.int() }),
      '{step: 1, stp: 2}',
      'param p of thing has no key stp | did you mean step?',
    ],
    [
      'a key below a default',
      z.strictObject({ a: z.strictObject({ size: z.int() }).nullable().default(null) }).prefault({}),
      '{a: {size: 1, width: 2}}',
      'param p.a of thing has no key width | there are: size',
    ],
    [
      'a kind of map',
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('a') }),
        z.strictObject({ type: z.literal('b') }),
      ]),
      '{type: c}',
      'param p.type must be one of a, b, not "c"',
    ],
    [
      'a map of a choice',
      z.union([z.string(), z.strictObject({ size: z.int() })]),
      '{size: big}',
      'param p.size must be a number, not "big"',
    ],
  ])('%s', async (_, schema, value, expected) => {
    expect(await said(schema, value)).toBe(expected);
  });

  it('nothing of a value that it takes', async () => {
    expect(await said(z.union([z.int(), z.literal('all')]), 'all')).toBeUndefined();
  });

  it('of all params together', async () => {
    const params = z
      .strictObject({ low: z.number(), high: z.number() })
      .refine(({ low, high }) => low < high, 'must have low below high');
    const problems = await problemsOf('stages:\n  a: {uses: thing, with: {low: 2, high: 1}}\n', {
      kinds: registry([kindOf(params)]),
    });
    expect(problems).toMatchObject([
      { message: 'params of thing must have low below high', place: { line: 2, column: 26 }, stage: 'a' },
    ]);
  });
});

it('a kind whose params are open takes any', async () => {
  const kinds = registry([kindOf(z.looseObject({ known: z.int().default(1) }))]);
  const pipeline = await plan('stages:\n  a: {uses: thing, with: {other: [1]}}\n', {
    kinds,
    set: ['a.more=x'],
  });
  expect(pipeline.instances[0].uses.params).toEqual({ known: 1, other: [1], more: 'x' });
});
