import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  foreignNumber,
  foreignValue,
  jsonText,
  withoutUndefined,
} from '../../../runner/config/json-value.ts';
import { defineKind } from '../../../runner/kind/index.ts';
import { plan, report, text } from './plan.ts';

const command = (value: string): string => `stages:\n  a: {run: x, with: {v: ${value}}}\n`;

describe('values that JSON cannot say', () => {
  it.each([
    ['.nan', 'NaN is no value of JSON'],
    ['-.inf', '-.inf is too large a number'],
    ['1e400', '1e400 is too large a number'],
    ['1e-400', '1e-400 is too small a number'],
    [
      '12345678901234567891',
      '12345678901234567891 is read as 12345678901234567000: a whole number is exact only up to 2^53',
    ],
    [
      '9007199254740993',
      '9007199254740993 is read as 9007199254740992: a whole number is exact only up to 2^53',
    ],
  ])('%s is refused where it stands', async (value, message) => {
    const [line, , carets, hint] = (await report(command(value))).split('\n');
    expect([line, carets.trim().length, hint]).toEqual([
      `pipeline.yaml:2:25: ${message}`,
      value.length,
      '  write it in quotes if it is meant as text',
    ]);
  });

  it.each([
    ['!!binary aGk=', '!!binary is not supported'],
    ['!!timestamp 2001-01-01', '!!timestamp is not supported'],
    ['!!set {x, y}', '!!set is not supported'],
    ['!!omap [x: 1]', '!!omap is not supported'],
  ])('%s is refused where it stands', async (value, message) => {
    const said = await report(command(value));
    expect(said.split('\n')[0]).toMatch(new RegExp(`^pipeline\\.yaml:2:\\d+: ${message}$`));
  });

  it('YAML 1.1, where 010 is 8 and yes is true, is refused', async () => {
    expect(await report('%YAML 1.1\n---\nstages:\n  a: {run: x}\n')).toBe(text`
      pipeline.yaml:1:1: a pipeline is YAML 1.2, not 1.1
        %YAML 1.1
        ^
        take the line %YAML away
    `);
  });

  it('others are given as they are', async () => {
    const of = async (value: string): Promise<unknown> =>
      (await plan(command(value))).instances[0].uses.params.v;
    expect(await of('-0')).toBe(-0);
    expect(await of('9007199254740992')).toBe(2 ** 53);
    expect(await of('0x1F')).toBe(31);
    expect(await of('2001-01-01')).toBe('2001-01-01');
    expect(await of('{1: a, "2": b, true: c}')).toEqual({ 1: 'a', 2: 'b', true: 'c' });
    expect(await of('~')).toBeNull();
    const [{ uses }] = (await plan('stages:\n  a: {run: x, with: {v: &l [1], w: *l}}\n')).instances;
    expect(uses.params).toEqual({ v: [1], w: [1] });
  });

  it('on the command line, a number that would not be exact is text', async () => {
    const { instances } = await plan(command('1'), { set: ['a.v=12345678901234567891', 'a.w=.nan'] });
    expect(instances[0].uses.params).toEqual({ v: '12345678901234567891', w: '.nan' });
    expect(await report(command('1'), { set: ['a.v=[.nan]'] })).toBe(text`
      --set a.v=[.nan]: NaN is no value of JSON
        write it in quotes if it is meant as text
    `);
  });

  it('of what a schema makes of a param, the kind is to blame', async () => {
    const params = z.strictObject({
      day: z.string().transform((day) => new Date(day)),
      gone: z.any().optional(),
    });
    const kind = defineKind({
      name: 'k',
      summary: '',
      params,
      inputs: {},
      load: () => Promise.reject(new Error('not run')),
    });
    const kinds = { names: () => Promise.resolve(['k']), load: () => Promise.resolve(kind) };
    expect(await report('stages:\n  a: {uses: k, with: {day: 2001-01-01}}\n', { kinds })).toBe(text`
      pipeline.yaml:2:28: param day of k becomes a Date, which JSON cannot say
          a: {uses: k, with: {day: 2001-01-01}}
                                   ^^^^^^^^^^
        let the schema of k give text, numbers, lists or maps, and its code make of these what it needs
    `);
  });
});

describe('JSON that says everything', () => {
  it('tells -0 from 0, and one order of keys from another only where it is asked to', () => {
    expect(jsonText({ b: [-0, 0, 1.5], a: 'é\ud800' })).toBe('{"b":[-0,0,1.5],"a":"é\\ud800"}');
    expect(jsonText({ b: 1, a: { d: 1, c: undefined } }, { sorted: true })).toBe('{"a":{"d":1},"b":1}');
    expect(JSON.parse(jsonText([-0]))).toEqual([-0]);
  });

  it('refuses what it cannot say', () => {
    for (const value of [NaN, Infinity, 1n, undefined, new Date(0), new Map(), Symbol('s'), () => 1])
      expect(() => jsonText([value])).toThrow(TypeError);
    expect(foreignValue({ a: [1, new Set()] })).toEqual({ path: ['a', '1'], name: 'a Set' });
    expect(foreignValue({ a: [1], b: { c: null, d: undefined } })).toBeUndefined();
    expect(Object.keys(withoutUndefined({ a: undefined, b: 1 }) as object)).toEqual(['b']);
    expect(foreignNumber(1e5, '1e5')).toBeUndefined();
  });
});

describe('variables of the environment', () => {
  it('are named once each, by names that variables can have', async () => {
    const yaml = 'stages:\n  a: {run: x, env: [A, B=1, A, PIPELINE_STAGE, "é"]}\n';
    const messages = (await report(yaml)).split('\n').filter((line) => line.startsWith('pipeline.yaml'));
    expect(messages).toEqual([
      'pipeline.yaml:2:24: "B=1" names no variable of the environment',
      'pipeline.yaml:2:29: env of a lists A twice',
      'pipeline.yaml:2:32: PIPELINE_STAGE is set by the runner',
      'pipeline.yaml:2:48: "é" names no variable of the environment',
    ]);
  });

  it('belong to kinds and commands, take the values of a matrix, and a profile may name others', async () => {
    const yaml = text`
      stages:
        a: {run: x, matrix: {gpu: [A, B]}, env: ["\${gpu}_DEVICE", HOME]}
        ingest: {uses: ingest, env: [LANG]}
      profiles:
        other: {stages: {ingest: {env: [TZ]}}}
    `;
    const env = async (profile?: string) =>
      (await plan(yaml, profile === undefined ? {} : { profile })).instances.map((instance) => instance.env);
    expect(await env()).toEqual([['A_DEVICE', 'HOME'], ['B_DEVICE', 'HOME'], ['LANG']]);
    expect(await env('other')).toEqual([['A_DEVICE', 'HOME'], ['B_DEVICE', 'HOME'], ['TZ']]);
  });
});

describe('the name of an instance', () => {
  it('is short enough for a folder', async () => {
    const long = 'x'.repeat(300);
    const yaml = `stages:\n  a: {run: 'x \${m}', matrix: {m: [${long}]}}\n`;
    expect((await report(yaml)).split('\n')[0]).toBe(
      'pipeline.yaml:2:22: an instance of a would have a name of 303 bytes: folders and logs are named by it, so 200 is the most',
    );
    expect(await report(`stages:\n  ${long}: {run: x}\n`)).toContain('a name of 300 bytes');
  });
});
