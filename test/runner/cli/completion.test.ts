import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wordsOf } from '../../../runner/cli/completion/words.ts';
import { Project, wordsProject } from '../../support/rig.ts';

const zsh = ['/usr/bin/zsh', '/bin/zsh'].find((path) => existsSync(path));
if (zsh === undefined) console.warn('Completion is not tested in zsh: there is none.');

describe('the words of a command line', () => {
  it.each([
    ['pipeline ', ['pipeline', '']],
    ['pipeline run --fr', ['pipeline', 'run', '--fr']],
    [`pipeline run 'train[cnn,`, ['pipeline', 'run', 'train[cnn,']],
    ['pipeline run train\\[cnn\\,mfcc\\] ', ['pipeline', 'run', 'train[cnn,mfcc]', '']],
    [`pipeline -f "my file.yaml" x`, ['pipeline', '-f', 'my file.yaml', 'x']],
  ])('of %s', (line, words) => {
    expect(wordsOf(line)).toEqual(words);
  });
});

describe('completion', () => {
  let project: Project;
  let script: string;

  beforeAll(async () => {
    project = await Project.create({
      ...wordsProject,
      'pipeline.yaml': `stages:
  words: {uses: words}
  upper: {uses: upper, matrix: {times: [1, 2]}, in: {words: words}}
  join: {uses: join, in: {texts: "upper[*]"}}
profiles:
  loud: {upper.end: "!!"}
  low: {upper.end: "."}
`,
    });
    script = (await project.pipeline('completion', 'bash')).stdout;
  });
  afterAll(() => project.remove());

  /** What bash would offer for a line with the cursor at its end. */
  const inBash = (line: string): string[] => {
    const launcher = resolve('pipeline');
    // Readline's own way of breaking words, at = too.
    const words = line.split(/\s+|(=)/).filter((word) => word !== undefined);
    const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
    const program = `${script}
      COMP_LINE='${line.replaceAll("'", `'\\''`)}' COMP_POINT=${line.length}
      COMP_WORDS=(${quoted}) COMP_CWORD=${words.length - 1}
      COMP_WORDS[0]='${launcher}'
      compopt() { :; }
      _pipeline_completions
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const said = execFileSync('bash', ['-c', program], { cwd: project.folder, encoding: 'utf8' });
    return said.split('\n').filter((word) => word !== '');
  };

  it('knows commands, those of the stages too', () => {
    expect(inBash('pipeline ')).toEqual(expect.arrayContaining(['run', 'explain', 'completion', 'data']));
    expect(inBash('pipeline ex')).toEqual(['explain', 'export']);
  });

  it('knows options', () => {
    expect(inBash('pipeline run --allow')).toEqual(['--allow-stale']);
    expect(inBash('pipeline dag --format ')).toEqual(['text', 'mermaid', 'svg']);
  });

  it('knows stages and instances, quoted as bash needs them', () => {
    const stages = ['words', 'upper', 'upper\\[1\\]', 'upper\\[2\\]', 'join'];
    expect(inBash('pipeline run --from ')).toEqual(stages);
    expect(inBash('pipeline run --only ')).toEqual(stages);
    expect(inBash('pipeline explain u')).toEqual(['upper', 'upper\\[1\\]', 'upper\\[2\\]']);
    expect(inBash(`pipeline explain 'upper[`)).toEqual(['upper[1]', 'upper[2]']);
  });

  it('knows profiles and params', () => {
    expect(inBash('pipeline status --profile l')).toEqual(['loud', 'low']);
    expect(inBash('pipeline run --set join.')).toEqual(['join.between=']);
  });

  it('leaves files to the shell', () => {
    expect(inBash('pipeline run --file ')).toEqual([]);
    expect(inBash('pipeline predict ')).toEqual([]);
  });

  it('reads the pipeline and profile that the line names, and is silent where it is wrong', async () => {
    await project.write('other.yaml', 'stages:\n  only: {uses: words}\n');
    await project.write('wrong.yaml', 'stages:\n  only: {uses: wrods}\n');
    expect(inBash('pipeline run -f other.yaml --until ')).toEqual(['only', 'words']);
    expect(inBash('pipeline run -f wrong.yaml --until ')).toEqual([]);
  });

  (zsh === undefined ? it.skip : it)('works in zsh', () => {
    const program = `
      compdef() { :; }
      _files() { print files; }
      compadd() { shift; [[ $1 == '' ]] && shift; [[ $1 == -- ]] && shift; (( $# )) && print -l -- "$@"; }
      source <('${resolve('pipeline')}' completion zsh)
      words=('${resolve('pipeline')}' run --from 'upper\\[') CURRENT=4
      _pipeline_completions
      words=('${resolve('pipeline')}' predict '') CURRENT=3
      _pipeline_completions`;
    const said = execFileSync(zsh!, ['-f', '-c', program], { cwd: project.folder, encoding: 'utf8' });
    expect(said.split('\n').filter((word) => word !== '')).toEqual(['upper[1]', 'upper[2]', 'files']);
  });
});
