import { testPython } from '../../scripts/prepare/test-python.mjs';

/**
 * The Python of the tests, which has what requirements-tests.txt names; or why there is none, to be said where tests are
 * skipped for it.
 */
export function python():
  { readonly path: string; readonly reason: null } | { readonly path: null; readonly reason: string } {
  const path = testPython();
  if (path !== null) return { path, reason: null };
  return {
    path: null,
    reason: 'no Python environment: `npm test` makes it where Python 3 and pip are there',
  };
}
