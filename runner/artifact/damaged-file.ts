import { StageFailure } from '../kind/index.ts';

export function damagedFile(name: string, what: string): StageFailure {
  return new StageFailure(`no whole Arrow IPC file: ${what}`, {
    place: name,
    hint: '`pipeline verify` finds damaged artifacts; the next run computes them anew',
  });
}
