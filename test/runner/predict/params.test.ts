import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StageInstance } from '../../../runner/config/index.ts';
import { staticParts } from '../../../runner/fingerprint/fingerprint.ts';
import { paramsOf } from '../../../runner/fingerprint/parts.ts';
import { withPaths } from '../../../runner/predict/params.ts';

const fingerprintOf = (params: Record<string, unknown>) =>
  staticParts(
    { rowErrors: 'fail', uses: { type: 'kind', name: 'kind', params } } as unknown as StageInstance,
    undefined,
    {},
  );

const leaf = fc.oneof(
  fc.string(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
);
const key = fc.oneof(
  fc.string({ minLength: 1 }),
  fc.constantFrom('a.b', '"', '\\', 'x"y.z', '__proto__', 'params'),
);
const params = fc.dictionary(
  key,
  fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, leaf, fc.array(leaf), fc.dictionary(key, tie('value'))),
  })).value,
);

describe('paramsOf', () => {
  it('gives back the params that a fingerprint was made of', () => {
    fc.assert(
      fc.property(params, (given) => {
        // What JSON keeps of them: no -0, no null prototype.
        const kept = JSON.parse(JSON.stringify(given)) as unknown;
        expect(JSON.parse(JSON.stringify(paramsOf(fingerprintOf(given))))).toEqual(kept);
      }),
    );
  });

  it('leaves other parts alone', () => {
    expect(paramsOf({ kind: 'x', 'params.size': '3', 'code.params.ts': 'abc' })).toEqual({ size: 3 });
  });
});

describe('withPaths', () => {
  it('replaces paths wherever they stand and nothing else', () => {
    const given = { model: 'a/b', deep: { list: ['a/b', 'a/bc', 1, null] }, 'a/b': 'name' };
    expect(withPaths(given, new Map([['a/b', '/x']]))).toEqual({
      model: '/x',
      deep: { list: ['/x', 'a/bc', 1, null] },
      'a/b': 'name',
    });
  });
});
