/**
 * @param {import('@jest/test-result').AggregatedResult} results of jest
 * @returns {string} one line, as other test runners close with
 */
export function testCounts(results) {
  // A test file that cannot even be loaded holds no test that could fail.
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const skipped = results.numPendingTests + results.numTodoTests;
  return `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`;
}
