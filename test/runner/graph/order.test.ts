import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { topologicalOrder } from '../../../runner/graph/index.ts';
import { acyclic, anyGraph } from './pipelines.ts';
import type { Needs } from './pipelines.ts';

function ordered(needs: Needs): ReturnType<typeof topologicalOrder> {
  return topologicalOrder(needs.map(([name, list]) => ({ name, needs: list })));
}

/** Whether a node can be reached from itself, by walking. */
function liesOnCycle(needs: Needs, start: string): boolean {
  const lists = new Map(needs);
  const seen = new Set<string>();
  const open = [...(lists.get(start) ?? [])];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (name === start) {
      return true;
    }
    if (!seen.has(name)) {
      seen.add(name);
      open.push(...(lists.get(name) ?? []));
    }
  }
  return false;
}

describe('the topological order', () => {
  it('has every node once, after all it needs', () => {
    fc.assert(
      fc.property(acyclic, (needs) => {
        const { order, cycles } = ordered(needs);
        expect(cycles).toEqual([]);
        expect([...order].sort()).toEqual(needs.map(([name]) => name).sort());
        for (const [name, list] of needs) {
          list.forEach((need) => {
            expect(order.indexOf(need)).toBeLessThan(order.indexOf(name));
          });
        }
      }),
    );
  });

  it('always takes the first given of those that are ready', () => {
    fc.assert(
      fc.property(acyclic, (needs) => {
        const done = new Set<string>();
        for (const next of ordered(needs).order) {
          const ready = needs.find(([name, list]) => !done.has(name) && list.every((need) => done.has(need)));
          expect(next).toBe(ready?.[0]);
          done.add(next);
        }
      }),
    );
  });

  it('finds cycles where there are any, and each one is real', () => {
    fc.assert(
      fc.property(anyGraph, (needs) => {
        const { order, cycles } = ordered(needs);
        const onCycle = needs.map(([name]) => name).filter((name) => liesOnCycle(needs, name));
        expect(cycles.length > 0).toBe(onCycle.length > 0);
        const lists = new Map(needs);
        for (const cycle of cycles) {
          expect(cycle.length).toBeGreaterThan(1);
          expect(cycle[0]).toBe(cycle.at(-1));
          expect(new Set(cycle).size).toBe(cycle.length - 1);
          cycle.slice(1).forEach((name, i) => {
            expect(lists.get(name)).toContain(cycle[i]);
          });
        }
        onCycle.forEach((name) => {
          expect(order).not.toContain(name);
        });
      }),
    );
  });

  it('ignores needs that are no node, and repeated ones', () => {
    expect(
      ordered([
        ['b', ['a', 'a', 'elsewhere']],
        ['a', []],
      ]),
    ).toEqual({ order: ['a', 'b'], cycles: [] });
  });

  it('names a cycle from its first node on, in the direction of the data', () => {
    expect(
      ordered([
        ['a', ['c']],
        ['b', ['a']],
        ['c', ['b']],
        ['d', ['c']],
      ]).cycles,
    ).toEqual([['a', 'b', 'c', 'a']]);
  });
});
