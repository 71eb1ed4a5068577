import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StageInstance } from '../../../runner/config/index.ts';
import { fingerprint, keyOf, staticParts } from '../../../runner/fingerprint/fingerprint.ts';
import { inputDigests, Parts, paramsOf, type StageInput } from '../../../runner/fingerprint/parts.ts';

/** A stage with all that its key covers. Few names and values, made to be mistaken for each other. */
interface Spec {
  readonly name: string;
  readonly uses:
    | {
        readonly type: 'command';
        readonly command: string;
        readonly outs: readonly string[];
        readonly shell?: string | undefined;
      }
    | { readonly type: 'run' | 'row'; readonly name: string; readonly lists: readonly string[] };
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, readonly StageInput[]>>;
  readonly env: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly rowErrors: 'fail' | 'skip';
  readonly modules: Readonly<Record<string, string>>;
  readonly packages: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

const word = fc.constantFrom<string>('a', 'b', 'a.b', '"a"', 'a.b.a', '["a"]', '__proto__', '');
const digest = fc.constantFrom('0', '1');
const digests = fc.dictionary(word, digest, { maxKeys: 2, noNullPrototype: true });
const leaf = fc.constantFrom<unknown>(0, -0, 1, '', '1', 'a', true, null, '{}', '[]', '-0', 'null');
const param = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(word, tie('value'), { maxKeys: 2, noNullPrototype: true }),
  ),
})).value;
const stages = fc.uniqueArray(
  fc.record({ stage: fc.constantFrom('a', 'b', 'a[b]', 'a[a.b]', 'b[x@y]'), digest }),
  { selector: ({ stage }) => stage, minLength: 1, maxLength: 3 },
);

const spec: fc.Arbitrary<Spec> = fc
  .record({
    name: fc.constantFrom('s', 't'),
    uses: fc.oneof(
      fc.record({
        type: fc.constant('command' as const),
        command: word,
        outs: fc.array(word, { maxLength: 2 }),
        shell: fc.constantFrom(undefined, 'a', 'b'),
      }),
      fc.record({
        type: fc.constantFrom('run' as const, 'row' as const),
        name: word,
        lists: fc.uniqueArray(word, { maxLength: 3 }).map((names) => names.sort()),
      }),
    ),
    params: fc.dictionary(word, param, { maxKeys: 3, noNullPrototype: true }),
    inputs: fc.dictionary(word, stages, { maxKeys: 2, noNullPrototype: true }),
    env: fc.uniqueArray(fc.constantFrom('A', 'B'), { maxLength: 2 }).map((names) => names.sort()),
    values: fc.dictionary(fc.constantFrom('A', 'B'), fc.constantFrom('', 'unset', '1'), {
      noNullPrototype: true,
    }),
    rowErrors: fc.constantFrom('fail' as const, 'skip' as const),
    modules: digests,
    packages: digests,
    files: digests,
  })
  // Only lists have several artifacts, but of a command any input may.
  .map((made) => ({
    ...made,
    inputs: Object.fromEntries(
      Object.entries(made.inputs).map(([name, artifacts]) => [
        name,
        made.uses.type === 'command' || (made.uses.type === 'run' && made.uses.lists.includes(name))
          ? artifacts
          : artifacts.slice(0, 1),
      ]),
    ),
  }));

function partsOf({ name, uses, params, inputs, env, values, rowErrors, modules, packages, files }: Spec) {
  const instance = {
    name,
    env,
    rowErrors,
    uses:
      uses.type === 'command'
        ? { ...uses, params, deps: [] }
        : {
            type: 'kind',
            name: uses.name,
            params,
            kind: {
              type: uses.type,
              inputs: Object.fromEntries(uses.lists.map((list) => [list, 'many'])),
            },
          },
  } as unknown as StageInstance;
  const fixed = staticParts(instance, { modules, packages }, values);
  const trees = Object.entries(files).map(([root, digest]) => ({ root, digest }));
  return fingerprint(instance, fixed, inputs, trees);
}

/** What of a stage its results may depend on, by the contract of the stage. */
function seen({ name, uses, params, inputs, env, values, rowErrors, modules, packages, files }: Spec) {
  return {
    params,
    env: Object.fromEntries(env.map((variable) => [variable, values[variable]])),
    rowErrors,
    files,
    does: uses.type === 'command' ? { name, ...uses } : { kind: uses.name, modules, packages },
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([input, artifacts]) => [
        input,
        {
          // A command is given lists alone; a row function no stage's name.
          isList: uses.type === 'run' && uses.lists.includes(input),
          artifacts: artifacts.map((artifact) => ({
            ...artifact,
            ...(uses.type === 'row' && { stage: '' }),
          })),
          isRow: uses.type === 'row',
        },
      ]),
    ),
  };
}

const reordered = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).reverse());

describe('a key', () => {
  it('is another for each stage that may give another result, and the same for no other', () => {
    const pair = fc.oneof(
      fc.tuple(spec, spec),
      // Two that differ in one thing alone.
      fc
        .tuple(
          spec,
          spec,
          fc.constantFrom<keyof Spec>('params', 'env', 'values', 'files', 'rowErrors', 'name'),
        )
        .map(([one, other, key]): [Spec, Spec] => [one, { ...one, [key]: other[key] }]),
    );
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const isSame = isDeepStrictEqual(seen(one), seen(other));
        expect(keyOf(partsOf(one)) === keyOf(partsOf(other))).toBe(isSame);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not depend on the order in which maps are written', () => {
    fc.assert(
      fc.property(spec, (one) => {
        const other = {
          ...one,
          ...{ params: reordered(one.params), inputs: reordered(one.inputs), files: reordered(one.files) },
          ...{ modules: reordered(one.modules), packages: reordered(one.packages) },
        };
        expect(partsOf(other)).toEqual(partsOf(one));
        expect(keyOf(partsOf(other))).toBe(keyOf(partsOf(one)));
      }),
    );
  });

  it('depends on the order of a list and of the values in it', () => {
    const base = { uses: { type: 'command' as const, command: 'x', outs: [] } };
    const of = (inputs: Spec['inputs'], params: Spec['params'] = {}): string =>
      keyOf(partsOf({ ...empty, ...base, inputs, params }));
    const [a, b] = [
      { stage: 'a', digest: '1' },
      { stage: 'b', digest: '1' },
    ];
    expect(of({ x: [a, b] })).not.toBe(of({ x: [b, a] }));
    expect(of({ x: [a, b] })).not.toBe(of({ x: [{ ...a, digest: '2' }, b] }));
    expect(of({ x: [a, b] })).not.toBe(of({ x: [b] }));
    expect(of({}, { p: [1, 2] })).not.toBe(of({}, { p: [2, 1] }));
  });
});

const empty: Spec = {
  name: 's',
  uses: { type: 'run', name: 'k', lists: [] },
  params: {},
  inputs: {},
  env: [],
  values: {},
  rowErrors: 'fail',
  modules: {},
  packages: {},
  files: {},
};

describe('the parts of a fingerprint', () => {
  it('give back the inputs and params that they were made of', () => {
    fc.assert(
      fc.property(spec, (one) => {
        const parts = partsOf(one);
        expect(paramsOf(parts)).toEqual({ ...one.params });
        const given = Object.entries(one.inputs).map(([name, artifacts]) => [
          name,
          artifacts.map((artifact) => artifact.digest),
        ]);
        expect(inputDigests(parts)).toEqual(Object.fromEntries(given));
      }),
    );
  });

  it('are never two of one name', () => {
    const parts = new Parts().single('kind', 'a').named('files', [['x', '1']]);
    expect(() => parts.single('kind', 'b')).toThrow('the fingerprint has two parts kind');
    expect(() => parts.named('files', [['x', '1']])).toThrow('the fingerprint has two parts files.x');
    const again = new Parts(parts.build());
    expect(() => again.named('files', [['x', '2']])).toThrow('the fingerprint has two parts files.x');
  });

  it('tell of a variable whether it is set, and never its value', () => {
    const of = (values: Record<string, string>) => partsOf({ ...empty, env: ['TOKEN'], values })['env.TOKEN'];
    expect(of({})).toBe('unset');
    expect(of({ TOKEN: '' })).toMatch(/^[0-9a-f]{64}$/);
    expect(of({ TOKEN: 'unset' })).toMatch(/^[0-9a-f]{64}$/);
  });
});
