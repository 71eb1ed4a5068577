import { describe, expect, it } from '@jest/globals';
import { report } from './plan.ts';

const numbers = (count: number): string => `[${Array.from({ length: count }, (_, at) => at).join(', ')}]`;

describe('a pipeline that is too large to be meant', () => {
  it('a matrix of millions', async () => {
    const yaml = `stages:\n  t:\n    run: "echo \${a} \${b} \${c}"\n    matrix:\n      a: ${numbers(300)}\n      b: ${numbers(300)}\n      c: ${numbers(300)}\n`;
    expect(await report(yaml)).toBe(
      'pipeline.yaml:4:5: the matrix of t has 27,000,000 combinations; at most 10,000\n' +
        '      matrix:\n      ^^^^^^\n' +
        '  leave values away, or make stages of their own of some\n',
    );
  });

  it('more instances than a run can hold', async () => {
    const stage = (name: string): string =>
      `  ${name}:\n    run: "echo \${a} \${b}"\n    matrix:\n      a: ${numbers(100)}\n      b: ${numbers(100)}\n`;
    expect(await report(`stages:\n${['s', 't', 'u'].map(stage).join('')}`)).toContain(
      'more than 20,000 instances up to u',
    );
  });

  it('a file of hundreds of thousands of keys', async () => {
    const keys = Array.from({ length: 300_000 }, (_, at) => `k${at}: ${at}\n`).join('');
    expect(await report(`stages:\n  t: {run: echo}\n${keys}`)).toMatch(
      /^pipeline\.yaml: a pipeline of 4,\d{3},\d{3} bytes; at most 1,048,576\n/,
    );
  });

  it('thousands of mistakes, of which the first are told', async () => {
    const keys = Array.from({ length: 5000 }, (_, at) => `k${at}: ${at}\n`).join('');
    const text = await report(`stages:\n  t: {run: echo}\n${keys}`);
    expect(text.match(/unknown key/g)).toHaveLength(50);
    expect(text).toContain('4,950 more mistakes are not shown');
  });

  it('maps that merge each other a thousand deep', async () => {
    const maps = Array.from(
      { length: 2000 },
      (_, at) => `x-${at + 1}: &a${at + 1} {<<: *a${at}, k${at}: 1}\n`,
    );
    const yaml = `x-0: &a0 {k: 1}\n${maps.join('')}stages:\n  t: {run: echo, with: {a: *a2000}}\n`;
    expect(await report(yaml)).toContain('too many values through aliases');
  });
});

it('takes an alias for the last anchor of its name above it', async () => {
  const yaml = 'x-a: &a 1\nx-b: &a wrong\nstages:\n  t: {uses: *a}\n';
  expect(await report(yaml)).toContain('unknown kind wrong');
});
