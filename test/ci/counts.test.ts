import { describe, expect, it } from '@jest/globals';
import { testCounts } from '../../scripts/ci/counts.mjs';

describe('testCounts', () => {
  const results = {
    numPassedTests: 12,
    numFailedTests: 0,
    numPendingTests: 2,
    numTodoTests: 1,
    numRuntimeErrorTestSuites: 0,
  } as Parameters<typeof testCounts>[0];

  it('adds up what passed, failed and was skipped', () => {
    expect(testCounts(results)).toBe('12 passed, 0 failed, 3 skipped');
  });

  it('counts a test file that could not be loaded as a failure', () => {
    expect(testCounts({ ...results, numRuntimeErrorTestSuites: 1 })).toBe('12 passed, 1 failed, 3 skipped');
  });
});
