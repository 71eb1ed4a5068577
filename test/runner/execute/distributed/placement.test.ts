import { describe, expect, it } from '@jest/globals';
import type { Pipeline, StageInstance } from '../../../../runner/config/index.ts';
import { roundsOf, runsOnWorkers } from '../../../../runner/execute/distributed/placement.ts';
import type { Kind } from '../../../../runner/kind/index.ts';
import { pipelineOf } from '../../graph/pipelines.ts';

/** What it takes to know where a stage runs. */
const kindOf = (type: Kind['type']): Kind => ({ type }) as unknown as Kind;

const kinds: Readonly<Record<string, Kind['type']>> = {
  source: 'source',
  rows: 'row',
  train: 'run',
  report: 'run',
};

/** Commands keep to what `pipelineOf` makes; other names stand for kinds. */
function pipeline(needs: Parameters<typeof pipelineOf>[0]): Pipeline {
  const made = pipelineOf(needs);
  const instances = made.instances.map((instance): StageInstance => {
    const type = kinds[instance.name];
    if (type === undefined) return instance;
    const inputs = type === 'source' ? instance.inputs : { table: Object.values(instance.inputs).flat() };
    return { ...instance, inputs, uses: { type: 'kind', name: type, kind: kindOf(type), params: {} } };
  });
  return { ...made, instances };
}

const roundNames = (made: Pipeline, selected = made.instances.map(({ name }) => name)): string[][] =>
  roundsOf(made, new Set(selected)).map((round) => round.map(({ name }) => name));

describe('where stages run', () => {
  it('is on the client for commands and for sources of its files', () => {
    const { instances } = pipeline([
      ['source', []],
      ['rows', ['source']],
      ['command', ['rows']],
    ]);
    expect(instances.filter(runsOnWorkers).map(({ name }) => name)).toEqual(['rows']);
  });

  it('is on workers for a source whose files a stage makes', () => {
    const { instances } = pipeline([
      ['command', []],
      ['source', ['command']],
    ]);
    expect(instances.filter(runsOnWorkers).map(({ name }) => name)).toEqual(['source']);
  });

  it('is one workflow, unless a stage of the client lies between', () => {
    expect(
      roundNames(
        pipeline([
          ['source', []],
          ['rows', ['source']],
          ['train', ['rows']],
        ]),
      ),
    ).toEqual([['rows', 'train']]);
    expect(
      roundNames(
        pipeline([
          ['source', []],
          ['rows', ['source']],
          ['command', ['rows']],
          ['train', ['rows']],
          ['report', ['command', 'train']],
        ]),
      ),
    ).toEqual([['rows', 'train'], ['report']]);
  });

  it('leaves out what is not selected', () => {
    const made = pipeline([
      ['source', []],
      ['rows', ['source']],
      ['train', ['rows']],
    ]);
    expect(roundNames(made, ['source', 'rows'])).toEqual([['rows']]);
  });
});
