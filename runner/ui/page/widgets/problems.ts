import type { ProblemView } from '../../model/plan.ts';
import { ApiFailure } from '../api.ts';
import { h } from '../dom.ts';

/** What is wrong, where, and the way out. */
export function problemList(problems: readonly ProblemView[]): HTMLElement {
  return h(
    'ul',
    { class: 'problems' },
    problems.map(({ message, place, excerpt, hint }) =>
      h(
        'li',
        {},
        h('p', {}, place !== undefined && [h('code', {}, place), ' '], h('strong', {}, message)),
        excerpt !== undefined &&
          h('pre', { tabindex: 0, role: 'region', 'aria-label': 'The place' }, excerpt),
        hint !== undefined && h('p', { class: 'hint' }, hint),
      ),
    ),
  );
}

/** A request that failed, as problems. */
export function failure(error: unknown): HTMLElement {
  return problemList(error instanceof ApiFailure ? error.problems : [{ message: String(error) }]);
}
