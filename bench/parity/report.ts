/** How far one descriptor of one clip lies from the reference. */
export interface Deviation {
  readonly reference: string;
  readonly descriptor: string;
  readonly signal: string;
  readonly tolerance: number;
  readonly greatest: number;
  /** The numbers at the greatest, or which side refuses the clip. */
  readonly remark?: string;
}

/**
 * Prints the greatest deviation of each descriptor, every one that is beyond its tolerance, and whatever only one side
 * refuses; with `all` each deviation. Says whether all are within.
 */
export function report(deviations: readonly Deviation[], all: boolean): boolean {
  const beyond = ({ greatest, tolerance }: Deviation): boolean => greatest > tolerance;
  for (const title of new Set(deviations.map(titleOf))) {
    const group = deviations.filter((each) => titleOf(each) === title);
    const worst = group.reduce((most, next) => (next.greatest > most.greatest ? next : most));
    console.log(
      `${title.padEnd(28)} ${worst.greatest.toExponential(1).padStart(9)} of ${Number.isFinite(worst.tolerance) ? worst.tolerance.toExponential(0) : 'any'} borne` +
        `  (${group.length} clips; greatest at ${worst.signal})`,
    );
    for (const each of group) {
      const oneSided = each.remark?.includes('only') === true;
      if (!all && !beyond(each) && !oneSided) continue;
      const mark = beyond(each) ? '!' : ' ';
      console.log(
        `  ${mark} ${each.signal.padEnd(34)} ${each.greatest.toExponential(1)}  ${each.remark ?? ''}`,
      );
    }
  }
  const failed = deviations.filter(beyond).length;
  console.log(`${deviations.length} comparisons, ${failed} beyond tolerance`);
  return failed === 0;
}

function titleOf({ reference, descriptor }: Deviation): string {
  return `${reference} ${descriptor}`;
}
