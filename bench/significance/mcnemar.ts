/**
 * McNemar's exact test (two-sided, by the binomial distribution) of the rows that one of two models alone has right. It takes
 * every row for an independent draw; it is here to show what comes of that where rows are clips of a few speakers.
 */
export function mcNemarP(onlyFirst: number, onlySecond: number): number {
  const disputed = onlyFirst + onlySecond;
  let logTerm = -disputed * Math.LN2;
  let total = Math.exp(logTerm);
  for (let k = 1; k <= Math.min(onlyFirst, onlySecond); k++) {
    logTerm += Math.log((disputed - k + 1) / k);
    total += Math.exp(logTerm);
  }
  return Math.min(1, 2 * total);
}
