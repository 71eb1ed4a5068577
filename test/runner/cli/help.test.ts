import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const help = (...args: string[]): string =>
  execFileSync(resolve('pipeline'), [...args, '--help'], { encoding: 'utf8' });

/** Every command that the whole help names. */
const commands = [...help().matchAll(/^ {2}pipeline (\w+)/gm)].map(([, name]) => name);

describe('help', () => {
  it('names the commands', () => {
    expect(commands).toEqual(expect.arrayContaining(['run', 'predict', 'completion', 'data', 'model']));
  });

  it.each(commands)('of %s has an example that names the command', (command) => {
    const [, examples] = help(command).split('Examples:\n');
    expect(examples).toMatch(new RegExp(`^  pipeline ${command}\\b`, 'm'));
  });
});
