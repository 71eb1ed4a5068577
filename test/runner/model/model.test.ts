import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ModelProject } from './project.ts';
import { Reference } from './reference.ts';
import { apply, type Edit, type KindName, type StageState, type State } from './state.ts';

const kind = fc.constantFrom<KindName>('words', 'mark', 'join');
const version = fc.constantFrom('', '-', '=');
const end = fc.constantFrom('!', '?', '.');
/** With and without white space that the source trims, so that changed files may give unchanged rows. */
const text = fc.constantFrom('one', 'one ', 'two', 'three', '');

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ type: fc.constant('write' as const), file: fc.nat(4), text }),
  fc.record({ type: fc.constant('delete' as const), file: fc.nat(4) }),
  fc.record({ type: fc.constant('param' as const), stage: fc.nat(9), end }),
  fc.record({ type: fc.constant('code' as const), kind, version }),
  fc.record({ type: fc.constant('comment' as const), kind }),
  fc.record({ type: fc.constant('nothing' as const) }),
  fc.record({ type: fc.constant('undo' as const), steps: fc.integer({ min: 1, max: 6 }) }),
);

/** A DAG of one source, up to four row stages and up to two stages of whole tables, each needing earlier ones. */
const dag: fc.Arbitrary<readonly StageState[]> = fc
  .record({
    marks: fc.array(fc.record({ from: fc.nat(), end }), { minLength: 1, maxLength: 4 }),
    joins: fc.array(fc.record({ from: fc.uniqueArray(fc.nat(4), { minLength: 1, maxLength: 3 }), end }), {
      minLength: 1,
      maxLength: 2,
    }),
  })
  .map(({ marks, joins }) => {
    const stages: StageState[] = [{ name: 'words', kind: 'words', inputs: [], end: '' }];
    for (const [at, mark] of marks.entries()) {
      const from = stages[mark.from % stages.length].name;
      stages.push({ name: `mark${at}`, kind: 'mark', inputs: [from], end: mark.end });
    }
    const tables = stages.map(({ name }) => name);
    for (const [at, join] of joins.entries()) {
      const inputs = [...new Set(join.from.map((index) => tables[index % tables.length]))];
      stages.push({ name: `join${at}`, kind: 'join', inputs, end: join.end });
    }
    return stages;
  });

const start = (stages: readonly StageState[]): State => ({
  files: { file0: 'one', file1: 'two', file2: 'three' },
  code: { words: '', mark: '', join: '' },
  comments: { words: 0, mark: 0, join: 0 },
  stages,
});

/** Stages with equal keys at one time share a result, but which of them runs is a race: such states are left out. */
function hasTwins({ stages }: State): boolean {
  const identities = stages.map(({ kind: name, inputs, end: mark }) => JSON.stringify([name, inputs, mark]));
  return new Set(identities).size < identities.length;
}

describe('the runner beside a model of it', () => {
  it('runs exactly the stages and rows that it must, whatever is edited', async () => {
    await fc.assert(
      fc.asyncProperty(dag, fc.array(edit, { minLength: 10, maxLength: 30 }), async (stages, edits) => {
        const project = await ModelProject.create();
        const reference = new Reference();
        const history: State[] = [];
        let state = start(stages);
        fc.pre(!hasTwins(state));
        try {
          expect(await project.run(state)).toEqual(reference.run(state));
          for (const next of edits) {
            const edited = apply(state, next, history);
            if (hasTwins(edited)) continue;
            history.push(state);
            state = edited;
            expect(await project.run(state)).toEqual(reference.run(state));
          }
        } finally {
          await project.remove();
        }
      }),
      { numRuns: Number(process.env.MODEL_RUNS ?? 110), seed: 1 },
    );
  }, 900_000);
});
