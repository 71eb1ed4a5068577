import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Provenance } from '../../runner/kind/index.ts';
import { Project, wordsProject } from '../support/rig.ts';

/** Writes the provenance behind what the stage made. */
const publisher = `
  export default {
    type: 'publisher',
    files: ['joined.json'],
    complete: (file, text, provenance) => JSON.stringify({ file, text: JSON.parse(text), provenance }),
  };`;

interface Completed {
  readonly file: string;
  readonly text: unknown;
  readonly provenance: Provenance;
}

describe('what a run shows of a stage with a publisher', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create({ ...wordsProject, 'stages/join/publish.ts': publisher });
    expect((await project.run('--jobs', '2')).code).toBe(0);
  });
  afterEach(() => project.remove());

  const shown = (): string => project.path('artifacts/join/joined.json');
  const completed = (): Completed => JSON.parse(readFileSync(shown(), 'utf8')) as Completed;

  it('is completed with how it was made', () => {
    const { file, text, provenance } = completed();
    expect(file).toBe('joined.json');
    expect(text).toEqual(expect.anything());
    const { run, stages, dag } = provenance;
    expect(run).toMatchObject({
      command: 'run --json --jobs 2',
      environment: { node: process.versions.node },
    });
    expect(stages.map(({ stage, kind, cached }) => ({ stage, kind, cached }))).toEqual([
      { stage: 'words', kind: 'words', cached: false },
      { stage: 'upper', kind: 'upper', cached: false },
      { stage: 'join', kind: 'join', cached: false },
    ]);
    const upper = stages[1];
    expect(upper.params).toEqual({ end: '!', times: 1 });
    expect(upper.inputs).toEqual({ words: ['words'] });
    expect(upper.rows).toEqual({ total: 2, computed: 2, reused: 0 });
    expect(upper.wallMs).toBeGreaterThan(0);
    expect(upper.madeBy?.id).toBe(run.id);
    expect(dag.svg).toContain('▶ ran');
    expect(dag.mermaid).toContain('stage1 --> stage2');
  });

  it('leaves the cache as the stage made it', async () => {
    const verified = await project.pipeline('verify');
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain(' 0 damaged');
  });

  it('is left alone by a run in which nothing changed', async () => {
    const [before, text] = [statSync(shown()), readFileSync(shown(), 'utf8')];
    const again = await project.run();
    expect(again.ran).toEqual([]);
    expect(again.events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(statSync(shown()).mtimeMs).toBe(before.mtimeMs);
    expect(readFileSync(shown(), 'utf8')).toBe(text);
  });

  it('is left alone too where its stamp is another and its text the same', async () => {
    const before = readFileSync(shown(), 'utf8');
    utimesSync(shown(), 1, 1);
    const again = await project.run();
    expect(again.events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(statSync(shown()).mtimeMs).toBe(1000);
    expect(readFileSync(shown(), 'utf8')).toBe(before);
  });

  it('says after a partial run what was cached, and which run made it', async () => {
    const first = completed().provenance;
    expect((await project.run('--from', 'join')).ran).toEqual(['join']);
    const { run, stages } = completed().provenance;
    expect(run.id).not.toBe(first.run.id);
    expect(stages.map(({ stage, cached }) => [stage, cached])).toEqual([
      ['words', true],
      ['upper', true],
      ['join', false],
    ]);
    expect(stages.map(({ madeBy }) => madeBy?.id)).toEqual([first.run.id, first.run.id, run.id]);
    expect(stages[0].wallMs).toBe(first.stages[0].wallMs);
  });

  it('is put back, completed, where somebody edited it', async () => {
    const text = readFileSync(shown(), 'utf8');
    writeFileSync(shown(), 'mine');
    const again = await project.run();
    expect(again.events).toContainEqual(
      expect.objectContaining({
        type: 'notice',
        message: expect.stringContaining(
          'artifacts/join/joined.json had been edited; it is again what the stage made, and what stood there is kept as',
        ),
      }),
    );
    const { provenance } = JSON.parse(text) as Completed;
    expect(completed().provenance.stages.map(({ madeBy }) => madeBy)).toEqual(
      provenance.stages.map(({ madeBy }) => madeBy),
    );
  });

  it('is shown as it is, and the run is done, where the publisher fails', async () => {
    await project.write(
      'stages/join/publish.ts',
      `export default { type: 'publisher', files: ['joined.json'], complete: () => { throw new Error('no ink'); } };`,
    );
    const again = await project.run('--from', 'join');
    expect(again.code).toBe(0);
    expect(again.events).toContainEqual(
      expect.objectContaining({
        type: 'notice',
        stage: 'join',
        message: expect.stringContaining('no ink') as unknown,
      }),
    );
  });
});
