import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { blocksOf } from './walk.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Each call of the command that a page shows, in a block or within a line. */
function callsOf(page: string): string[] {
  const text = readFileSync(page, 'utf8');
  return Array.from(text.matchAll(/\.\/pipeline ([^\n`#|)]+)/g), ([, call]) => call.trim());
}

const helps = new Map<string, string>();
function helpOf(command: string): string {
  let help = helps.get(command);
  if (help === undefined) {
    help = execFileSync(resolve('pipeline'), [...(command === '' ? [] : [command]), '--help'], {
      encoding: 'utf8',
    });
    helps.set(command, help);
  }
  return help;
}

/** What is wrong with the calls; none where every command and option is there. */
function faultsOf(calls: readonly string[]): string[] {
  return calls.flatMap((call) => {
    const [command, ...rest] = call.split(/\s+/);
    if (command.startsWith('-') || /^[A-Z]+$/.test(command)) return [];
    if (!helpOf('').includes(`  pipeline ${command}`)) return [`${call}: there is no command ${command}`];
    const known = new Set(Array.from(helpOf(command).matchAll(/--?[a-z][a-z-]*/g), ([option]) => option));
    return rest
      .map((word) => /^--?[a-z][a-z-]*/.exec(word)?.[0])
      .filter((option) => option !== undefined && !known.has(option))
      .map((option) => `${call}: ${command} has no option ${option}`);
  });
}

describe.each(pages)('%s', (page) => {
  it('shows only commands and options that there are', () => {
    expect(faultsOf(callsOf(page))).toEqual([]);
  });

  it('shows YAML that is YAML', async () => {
    const blocks = (await blocksOf(page)).filter(({ language }) => language === 'yaml');
    const errors = blocks.flatMap(({ text }) =>
      parseAllDocuments(text).flatMap((document) => ('errors' in document ? document.errors : [])),
    );
    expect(errors.map(({ message }) => message)).toEqual([]);
  });
});

it('commands are checked', () => {
  expect(faultsOf(['status --profile demo', 'stauts', 'status --profil demo'])).toEqual([
    'stauts: there is no command stauts',
    'status --profil demo: status has no option --profil',
  ]);
});
