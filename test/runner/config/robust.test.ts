import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topologicalOrder } from '../../../runner/graph/index.ts';
import { acyclic, anyGraph } from '../graph/pipelines.ts';
import type { Needs } from '../graph/pipelines.ts';
import { names, onBase, plan, problemsOf, tryPlan } from './plan.ts';

const whole = `${onBase`
  enc: {uses: features/encoder, in: {clips: "audio[16000]"}, with: {model: null, layers: [1, last]}, when: model}
  train:
    uses: "train/\${model}"
    matrix: {model: [cnn, random-forest], features: [mfcc]}
    include: [{model: random-forest, features: enc}]
    in: {features: "\${features}", split: split}
    with: {epochs: 3, earlyStopping: &stop {patience: 3, monitor: loss}}
  again: {uses: train/cnn, in: {features: mfcc, split: split}, with: {earlyStopping: *stop}}
  evaluate: {uses: evaluate, in: {models: ["train[*]", again], split: split}}
  copy: {run: "cp a b", deps: [a], outs: [b], in: {report: evaluate}}
`}profiles:
  demo: {train.epochs: 1, stages: {copy: null}}
`;

function yamlOf(needs: Needs): string {
  const stages = needs.map(([name, list]) => {
    const inputs = list.length === 0 ? '' : `, in: {files: [${list.join(', ')}]}`;
    return `  ${name}: {run: make${inputs}}\n`;
  });
  return `stages:\n${stages.join('')}`;
}

function orderOf(needs: Needs): ReturnType<typeof topologicalOrder> {
  return topologicalOrder(needs.map(([name, list]) => ({ name, needs: list })));
}

describe('any pipeline', () => {
  it('is planned in topological order', async () => {
    await fc.assert(
      fc.asyncProperty(acyclic, async (needs) => {
        expect(names(await plan(yamlOf(needs)))).toEqual(orderOf(needs).order);
      }),
    );
  });

  it('with cycles has one problem for each cycle found', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (needs) => {
        const messages = (await problemsOf(yamlOf(needs))).map(({ message }) => message);
        const { cycles } = orderOf(needs);
        expect(messages.sort()).toEqual(
          cycles.map((cycle) => `stages need each other: ${cycle.join(' → ')}`).sort(),
        );
      }),
    );
  });
});

describe('any text', () => {
  /** The whole pipeline with a few pieces cut out, put in or moved. */
  const edited = fc
    .array(
      fc.record({
        at: fc.nat({ max: whole.length }),
        cut: fc.nat({ max: 12 }),
        insert: fc.oneof(
          fc.string({ maxLength: 4 }),
          fc.constantFrom(
            ': ',
            '\n',
            '  ',
            '[',
            ']',
            '{',
            '}',
            '*stop',
            '&x ',
            '${model}',
            '- ',
            'null',
            '"',
            '[*]',
            '---\n',
            '# ',
          ),
        ),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((edits) =>
      edits.reduce((text, { at, cut, insert }) => text.slice(0, at) + insert + text.slice(at + cut), whole),
    );

  it('is a plan or problems, each with a place in it, and never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(edited, fc.string()),
        fc.constantFrom(undefined, 'demo'),
        async (text, profile) => {
          const result = await tryPlan(text, profile === undefined ? {} : { profile });
          fc.pre(!result.ok);
          expect(result.problems.length).toBeGreaterThan(0);
          const lines = text.split('\n');
          for (const { message, place } of result.problems) {
            expect(message).not.toMatch(/undefined|\[object|NaN|Infinity/);
            expect(place).toBeDefined();
            if (place!.line !== undefined) {
              expect(place!.line).toBeLessThanOrEqual(lines.length);
              expect(place!.column).toBeLessThanOrEqual(lines[place!.line - 1].length + 1);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('after --set too', async () => {
    const path = fc.constantFrom(
      'ingest.root',
      'train.epochs',
      'train.earlyStopping.patience',
      'train[cnn,mfcc].epochs',
      'enc.layers',
      'audio.matrix',
      'audio.matrix.sampleRate',
      'mfcc.timeout',
      'copy.any',
    );
    const value = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom(
        '[',
        '[1',
        '{a: 1}',
        '{',
        '- a',
        '*x',
        '&x 1',
        '!!str 1',
        '1e999',
        '.nan',
        '0x1f',
        'null',
        '~',
        '[*x]',
        '"a',
        "'",
        '|',
        '%',
        '? a',
      ),
    );
    const set = fc.oneof(
      fc.tuple(path, value).map(([left, right]) => `${left}=${right}`),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(set, { minLength: 1, maxLength: 3 }), async (sets) => {
        for (const { message, place } of await problemsOf(whole, { set: sets })) {
          expect(message).not.toMatch(/undefined|\[object/);
          expect(place?.file).toMatch(/^--set |^pipeline\.yaml$/);
        }
      }),
      { numRuns: 200 },
    );
  });
});
