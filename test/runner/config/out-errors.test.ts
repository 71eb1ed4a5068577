import { describe, expect, it } from '@jest/globals';
import { report, text } from './plan.ts';

/** A stage that makes `out` and reads `dep`, and what is wrong with it: message and way out, without the excerpt. */
async function wrong(stages: string): Promise<string> {
  const lines = (await report(`stages:\n${stages}`)).split('\n');
  return lines.filter((line) => !line.startsWith('  ') || !/^ {4}|\^/.test(line)).join('\n');
}

const own = (out: string, deps = ''): Promise<string> =>
  wrong(`    a: {run: make, outs: ["${out}"]${deps === '' ? '' : `, deps: [${deps}]`}}\n`);

describe('outs that no stage may claim', () => {
  it.each([
    ['pipeline.yaml', 'pipeline.yaml is the pipeline itself'],
    ['./pipeline.yaml', 'pipeline.yaml is the pipeline itself'],
    ['pipeline.lock', 'pipeline.lock is what states which results the last run used'],
    ['study.pipeline.lock', 'study.pipeline.lock is the name of what states which results a run used'],
    ['stages', 'stages is the code of the kinds'],
    ['stages/mine/model.json', 'stages/mine/model.json lies in stages, the code of the kinds'],
    ['x/../stages//mine/', 'stages/mine lies in stages, the code of the kinds'],
    ['Stages/mine', 'Stages/mine lies in stages, the code of the kinds'],
    ['package.json', 'package.json is what says which packages the kinds use'],
    ['package-lock.json', 'package-lock.json is what says which packages the kinds use'],
    ['node_modules/.cache', 'node_modules/.cache lies in node_modules, the packages that the kinds use'],
    ['.git', "\\.git is or lies in git's own folder"],
    ['.git/hooks', "\\.git/hooks is or lies in git's own folder"],
    ['sub/.git', "sub/.git is or lies in git's own folder"],
  ])('%s', async (out, message) => {
    expect(await own(out)).toBe(`pipeline.yaml:2:27: ${message.replace('\\', '')}\n  give it another name\n`);
  });

  it.each(['artifacts', 'artifacts/mine', 'artifacts/.cache/objects'])('%s', async (out) => {
    const how = out === 'artifacts' ? 'is' : 'lies in artifacts,';
    expect(await own(out)).toBe(
      `pipeline.yaml:2:27: ${out} ${how} where the pipeline keeps and shows what stages made\n` +
        '  what a stage makes will lie there by itself\n',
    );
  });

  it.each(['../x', '/x', 'a/../../x'])('%s', async (out) => {
    const shown = out === 'a/../../x' ? '../x' : out;
    expect(await own(out)).toBe(
      `pipeline.yaml:2:27: ${shown} lies outside the folder of pipeline.yaml\n  an out is a file or folder below it\n`,
    );
  });

  it('the folder itself, however it is written', async () => {
    for (const out of ['.', './', 'a/..', '']) {
      expect(await own(out)).toBe(
        'pipeline.yaml:2:27: . is the folder of pipeline.yaml\n  an out is a file or folder below it\n',
      );
    }
  });

  it('the home folder', async () => {
    expect(await own('~/results')).toBe(
      'pipeline.yaml:2:27: ~/results lies outside the folder of pipeline.yaml: only a shell knows ~\n' +
        '  an out is a file or folder below it\n',
    );
  });

  it('the shared cache', async () => {
    const yaml = 'cache: shared\nstages:\n  a: {run: make, outs: [shared/x]}\n';
    expect(await report(yaml)).toContain('shared/x lies in ');
    expect(await report(yaml)).toContain(', the shared cache\n');
  });
});

describe('outs and what stages read', () => {
  it.each([
    ['db.txt', '[db.txt]', 'db.txt is a dep of a itself'],
    ['data', '[data/raw.csv]', 'data holds data/raw.csv, a dep of a itself'],
    ['data/out.csv', '[data]', 'data/out.csv lies in data, a dep of a itself'],
    ['data/out.csv', '[./data/]', 'data/out.csv lies in data, a dep of a itself'],
    ['caf\\u00e9', '["cafe\\u0301"]', 'caf\u00e9 is cafe\u0301, a dep of a itself'],
    ['data', '["data/*.csv"]', 'data holds data/*.csv, a dep of a itself'],
  ])('%s with deps %s', async (out, deps, message) => {
    expect(await own(out, deps.slice(1, -1))).toBe(
      `pipeline.yaml:2:27: ${message}\n  a stage cannot read what it makes: give the out another name, or leave the dep away\n`,
    );
  });

  it.each([
    ['made.csv', 'made.csv', 'made.csv is an out of gen'],
    ['made', 'made/one.csv', 'made/one.csv lies in made, an out of gen'],
    ['made/one.csv', 'made', 'made holds made/one.csv, an out of gen'],
  ])('%s that another stage names as its dep %s', async (out, dep, message) => {
    const problem = await wrong(
      `    gen: {run: make, outs: [${out}]}\n    use: {run: cat, deps: [${dep}]}\n`,
    );
    expect(problem.split('\n').slice(1).join('\n')).toBe(
      '  take what a stage makes by "in: {gen: gen}", so that it is made first\n',
    );
    expect(problem).toContain(`: ${message}\n`);
    expect(problem).toMatch(/^pipeline.yaml:[23]:/);
  });

  it('the files of a kind', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest, with: {root: data/clips}}
        gen: {run: make, outs: [data/clips/more]}
    `;
    expect(await report(yaml)).toContain(
      'pipeline.yaml:3:27: data/clips/more lies in data/clips, what ingest reads\n',
    );
  });

  it('not beside what a pattern finds', async () => {
    expect(await own('data/out', '"data/*.csv"')).toBe('');
  });
});

describe('outs of two stages', () => {
  it('in any spelling, through a matrix too', async () => {
    const problem = await wrong(
      [
        '    a: {run: make, outs: [x, "y/z"]}',
        '    b: {run: make, outs: ["./X/", y]}',
        '    c: {run: make, matrix: {n: [1, 2]}, outs: ["own-${n}", same]}\n',
      ].join('\n'),
    );
    expect(problem).toBe(
      [
        'pipeline.yaml:3:27: X is an out of a too, which makes x',
        '  give it another name',
        'pipeline.yaml:3:35: y is an out of a too, which makes y/z',
        '  give it another name',
        'pipeline.yaml:4:60: same is an out of c[1] too',
        '  put a ${matrix key} into its name\n',
      ].join('\n'),
    );
  });
});
