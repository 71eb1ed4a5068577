import { StageFailure } from '../kind/index.ts';

export function damagedFile(name: string, what: string): StageFailure {
  return new StageFailure(`no whole Arrow IPC file: ${what}`, {
    place: name,
    hint: '`pipeline verify` finds damaged artifacts; the next run computes them anew',
  });
}

/**
 * Decodes bytes of a file. Whatever the decoding of broken bytes may throw, such as an index out of range, is said to
 * be damage; failures of the disk stay what they are.
 */
export async function decoding<Result>(
  name: string,
  decode: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await decode();
  } catch (error) {
    if (!(error instanceof Error) || error.name === 'StageFailure' || isOfSystem(error)) throw error;
    throw damagedFile(name, error.message);
  }
}

function isOfSystem(error: Error): boolean {
  return (error as NodeJS.ErrnoException).syscall !== undefined;
}
