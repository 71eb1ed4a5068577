import fc from 'fast-check';
import type { Pipeline, StageInstance } from '../../../runner/config/index.ts';
import { topologicalOrder } from '../../../runner/graph/index.ts';

/** Instances by name with what each takes in, in an order of the yaml's. */
export type Needs = readonly (readonly [name: string, needs: readonly string[]])[];

/** A pipeline of commands. A name in brackets is an instance of a matrix. */
export function pipelineOf(needs: Needs): Pipeline {
  const byName = new Map(needs.map(([name, list]) => [name, commandInstance(name, list)]));
  const { order } = topologicalOrder(needs.map(([name, list]) => ({ name, needs: list })));
  return {
    file: 'pipeline.yaml',
    instances: order.map((name) => byName.get(name)!),
    leftOut: [],
    families: new Map(),
  };
}

function commandInstance(name: string, needs: readonly string[]): StageInstance {
  const [stage, values] = name.split(/[[\]]/);
  return {
    name,
    stage,
    values: values === undefined ? [] : values.split(','),
    uses: { type: 'command', command: `make ${name}`, params: {}, deps: [], depPlaces: [], outs: [] },
    inputs: needs.length === 0 ? {} : { files: needs },
    resources: { cpus: 1 },
    retries: 0,
    rowErrors: 'fail',
    place: { file: 'pipeline.yaml', line: 1, column: 1 },
  };
}

/** A graph without cycles: each node needs some of those before it; then shuffled. */
export const acyclic: fc.Arbitrary<Needs> = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.tuple(
      ...Array.from({ length: count }, (_, i) => fc.subarray(Array.from({ length: i }, (_, j) => `s${j}`))),
    ),
  )
  .map((lists) => lists.map((list, i) => [`s${i}`, list] as const))
  .chain((needs) => fc.shuffledSubarray(needs, { minLength: needs.length }));

/** Any graph, cycles and needs of itself included. */
export const anyGraph: fc.Arbitrary<Needs> = fc.integer({ min: 1, max: 9 }).chain((count) => {
  const names = Array.from({ length: count }, (_, i) => `s${i}`);
  return fc
    .tuple(...names.map(() => fc.subarray(names, { maxLength: Math.min(2, count) })))
    .map((lists) => lists.map((list, i) => [`s${i}`, list] as const));
});

/** A graph without cycles, as a pipeline, and some names of its instances. */
export const pipelineWithNames: fc.Arbitrary<{ pipeline: Pipeline; names: string[]; others: string[] }> =
  acyclic.chain((needs) => {
    const all = needs.map(([name]) => name);
    const some = fc.subarray(all, { minLength: 1 });
    return fc.record({ pipeline: fc.constant(pipelineOf(needs)), names: some, others: some });
  });
