import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Pipeline } from '../../../runner/config/index.ts';
import { formatProblem } from '../../../runner/errors.ts';
import { downstream, select, upstream } from '../../../runner/graph/index.ts';
import type { Selection, SelectOptions } from '../../../runner/graph/index.ts';
import { pipelineOf, pipelineWithNames } from './pipelines.ts';

const emotions = pipelineOf([
  ['ingest', []],
  ['audio', ['ingest']],
  ['mfcc', ['audio']],
  ['chroma', ['audio']],
  ['split', ['ingest']],
  ['train[cnn]', ['mfcc', 'split']],
  ['train[lstm]', ['chroma', 'split']],
  ['evaluate', ['train[cnn]', 'train[lstm]', 'split']],
]);

function selected(options: SelectOptions, pipeline: Pipeline = emotions): Selection {
  const result = select(pipeline, options);
  if (!result.ok) {
    throw new Error(result.problems.map((problem) => problem.message).join('\n'));
  }
  return result.value;
}

function problems(options: SelectOptions): string[] {
  const result = select(emotions, options);
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem));
}

function allOf(pipeline: Pipeline): string[] {
  return pipeline.instances.map(({ name }) => name);
}

describe('a selection', () => {
  it('is everything without names', () => {
    expect(selected({})).toEqual({ run: allOf(emotions), forced: [], cachedOnly: [] });
    expect(selected({ targets: [], from: [], until: [], only: [] })).toEqual(selected({}));
  });

  it('of stages is these and what they need', () => {
    expect(selected({ targets: ['mfcc', 'split'] })).toEqual({
      run: ['ingest', 'audio', 'mfcc', 'split'],
      forced: [],
      cachedOnly: [],
    });
  });

  it('--from forces the stage and all below, and takes the rest from the cache', () => {
    expect(selected({ from: ['mfcc'] })).toEqual({
      run: ['mfcc', 'train[cnn]', 'evaluate'],
      forced: ['mfcc', 'train[cnn]', 'evaluate'],
      cachedOnly: ['ingest', 'audio', 'chroma', 'split', 'train[lstm]'],
    });
  });

  it('--until stops after the stage', () => {
    expect(selected({ until: ['train[cnn]'] })).toEqual({
      run: ['ingest', 'audio', 'mfcc', 'split', 'train[cnn]'],
      forced: [],
      cachedOnly: [],
    });
  });

  it('--only is the stage alone', () => {
    expect(selected({ only: ['train'] })).toEqual({
      run: ['train[cnn]', 'train[lstm]'],
      forced: ['train[cnn]', 'train[lstm]'],
      cachedOnly: ['ingest', 'audio', 'mfcc', 'chroma', 'split'],
    });
  });

  it('--from and --until is what lies between', () => {
    expect(selected({ from: ['audio'], until: ['train[cnn]'] })).toEqual({
      run: ['audio', 'mfcc', 'train[cnn]'],
      forced: ['audio', 'mfcc', 'train[cnn]'],
      cachedOnly: ['ingest', 'split'],
    });
  });

  it('--from with stages goes no further than these', () => {
    expect(selected({ targets: ['train[lstm]'], from: ['audio'] }).run).toEqual([
      'audio',
      'chroma',
      'train[lstm]',
    ]);
  });

  it('says what is wrong with the names, all at once', () => {
    expect(problems({ targets: ['mfc'], from: ['trian'], until: ['something'] })).toEqual([
      'unknown stage mfc\n  did you mean mfcc?',
      'unknown stage trian\n  did you mean train?',
      'unknown stage something\n  stages: ingest, audio, mfcc, chroma, split, train, evaluate',
    ]);
  });

  it('does not take --only beside --from or --until', () => {
    const problem = '--only cannot stand beside --from or --until\n  --only S is --from S --until S';
    expect(problems({ only: ['mfcc'], from: ['audio'] })).toEqual([problem]);
    expect(problems({ only: ['mfcc'], until: ['evaluate'] })).toEqual([problem]);
  });

  it('says so where nothing lies between', () => {
    expect(problems({ from: ['evaluate'], until: ['mfcc'] })).toEqual([
      'nothing lies between evaluate and mfcc\n  --from must name something that the others need, or that they are',
    ]);
  });
});

describe('laws of selection', () => {
  it('upstream and downstream are closures, and each other seen from the other end', () => {
    fc.assert(
      fc.property(pipelineWithNames, ({ pipeline, names }) => {
        for (const reach of [upstream, downstream]) {
          const reached = reach(pipeline, names);
          expect(reached).toEqual(expect.arrayContaining(names));
          expect(reach(pipeline, reached)).toEqual(reached);
        }
        const above = upstream(pipeline, names);
        for (const name of allOf(pipeline)) {
          const below = downstream(pipeline, [name]);
          expect(above.includes(name)).toBe(names.some((wanted) => below.includes(wanted)));
        }
      }),
    );
  });

  it('upstream holds all inputs of its members, and nothing that no member needs', () => {
    fc.assert(
      fc.property(pipelineWithNames, ({ pipeline, names }) => {
        const above = new Set(upstream(pipeline, names));
        const needed = new Set(names);
        for (const { name, inputs } of pipeline.instances) {
          if (above.has(name)) {
            const direct = Object.values(inputs).flat();
            direct.forEach((input) => {
              expect(above.has(input)).toBe(true);
            });
            direct.forEach((input) => needed.add(input));
          }
        }
        above.forEach((name) => {
          expect(needed.has(name)).toBe(true);
        });
      }),
    );
  });

  it('only is what from and until share', () => {
    fc.assert(
      fc.property(pipelineWithNames, ({ pipeline, names }) => {
        const only = selected({ only: names }, pipeline);
        const from = selected({ from: names }, pipeline);
        const until = selected({ until: names }, pipeline);
        expect(only.run).toEqual(from.run.filter((name) => until.run.includes(name)));
        expect(only).toEqual(selected({ from: names, until: names }, pipeline));
      }),
    );
  });

  it('every list is in the pipeline’s order, without overlap, and run and cachedOnly hold all inputs of run', () => {
    const some = fc.constantFrom('targets', 'from', 'until', 'only');
    fc.assert(
      fc.property(pipelineWithNames, some, some, ({ pipeline, names, others }, a, b) => {
        const result = select(pipeline, { [a]: names, [b]: others });
        fc.pre(result.ok);
        const { run, forced, cachedOnly } = result.value;
        for (const list of [run, forced, cachedOnly]) {
          expect(list).toEqual(allOf(pipeline).filter((name) => list.includes(name)));
        }
        expect(run.filter((name) => cachedOnly.includes(name))).toEqual([]);
        expect(forced.every((name) => run.includes(name))).toBe(true);
        const available = new Set([...run, ...cachedOnly]);
        for (const { name, inputs } of pipeline.instances) {
          if (run.includes(name)) {
            expect(
              Object.values(inputs)
                .flat()
                .every((input) => available.has(input)),
            ).toBe(true);
          }
        }
      }),
    );
  });
});
