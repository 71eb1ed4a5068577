import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linkTo, type Route, routeOf } from '../../../runner/ui/page/router.ts';

const text = fc.string({ minLength: 1 });
const route: fc.Arbitrary<Route> = fc.oneof(
  fc.record({ view: fc.constant('pipeline' as const), stage: text }),
  fc.record({ view: fc.constant('runs' as const), offset: fc.nat() }),
  fc.record({ view: fc.constant('run' as const), run: text }),
  fc.record({ view: fc.constant('compare' as const), a: text, b: text }),
  fc.constant({ view: 'artifacts' as const }),
  fc.record({
    view: fc.constant('artifact' as const),
    key: text,
    file: text,
    offset: fc.nat(),
    find: fc.string(),
  }),
  fc.record({ view: fc.constant('row' as const), key: text, file: text, row: fc.nat() }),
);

describe('addresses of views', () => {
  it('lead to what they were made of', () => {
    fc.assert(
      fc.property(route, (wanted) => {
        expect(routeOf(linkTo(wanted))).toEqual(wanted);
      }),
    );
  });

  it('that are none lead to the pipeline', () => {
    for (const hash of ['', '#', '#/', '#/elsewhere', '#%'])
      expect(routeOf(hash)).toEqual({ view: 'pipeline' });
    expect(routeOf('#/runs?offset=-3')).toEqual({ view: 'runs', offset: 0 });
    expect(routeOf('#/compare/a')).toEqual({ view: 'runs', offset: 0 });
  });
});
