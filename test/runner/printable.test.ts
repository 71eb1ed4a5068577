import { afterEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { printable, printableName } from '../../runner/printable.ts';
import { Project, wordsProject } from '../support/rig.ts';

/** What a terminal acts on, but for tabs, line feeds and colours. */
const acts = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('a printable text', () => {
  it('shows what a terminal would act on', () => {
    const text = 'a\x1b]0;TITLE\x07b\rc\x9b2Jd\u202etxt.exe\ud800';
    expect(printable(text, { colours: true })).toBe(
      'a\\u001b]0;TITLE\\u0007b\\u000dc\\u009b2Jd\\u202etxt.exe\\ud800',
    );
  });

  it('keeps words of any language, line feeds, tabs and, where there are any, colours', () => {
    const text = 'größer\t日本語 🎧\n\x1b[31mred\x1b[0m';
    expect(printable(text, { colours: true })).toBe(text);
    expect(printable(text, { colours: false })).toBe('größer\t日本語 🎧\n\\u001b[31mred\\u001b[0m');
  });

  it('is the same string where it stands in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(printable(JSON.stringify(text), { colours: true }))).toBe(text);
      }),
    );
  });

  it('holds nothing that acts, and as a name no line feed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(printable(text, { colours: false })).not.toMatch(acts);
        expect(printableName(text)).not.toMatch(/[\n\t]/);
      }),
    );
  });
});

describe('names with control characters', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  it('reach neither the terminal nor a log', async () => {
    project = await Project.create({
      ...wordsProject,
      'data/a\x1b]0;T\x07\n\x1b[2Jdone in 1 s.txt': 'three',
    });
    const shown = 'a\\u001b]0;T\\u0007\\u000a\\u001b[2Jdone in 1 s.txt';
    expect((await project.pipeline('run')).stderr).not.toMatch(acts);
    await project.write('data/a\x1b]0;T\x07\n\x1b[2Jdone in 1 s.txt', 'broken');
    for (const command of [
      ['status'],
      ['explain', 'words'],
      ['run'],
      ['run', '--json'],
      ['inspect', 'words'],
    ]) {
      const { stdout, stderr } = await project.pipeline(...command);
      expect(stdout + stderr).not.toMatch(acts);
      expect(`${stdout}${stderr}`).not.toMatch(/^done in 1 s/m);
      if (command[0] !== 'inspect')
        expect(stdout + stderr).toContain(
          shown.replaceAll('\\', command.length === 2 && command[1] === '--json' ? '\\\\' : '\\'),
        );
    }
  });
});
