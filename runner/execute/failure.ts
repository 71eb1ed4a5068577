import { systemProblem } from '../system-problem.ts';
import type { JobFailure } from './job.ts';

/** A StageFailure as it looks from outside its bundle. */
interface Expected {
  readonly message: string;
  readonly place: string | undefined;
  readonly hint: string | undefined;
}

/** Any thrown value as a failure; a stack only where it is no expected one. */
export function failureOf(error: unknown, place?: string): JobFailure {
  if (!(error instanceof Error)) return { message: String(error), ...(place !== undefined && { place }) };
  if (error.name === 'StageFailure') {
    const { message, hint, place: own } = error as unknown as Expected;
    const at = own ?? place;
    return { message, ...(at !== undefined && { place: at }), ...(hint !== undefined && { hint }) };
  }
  const refused = systemProblem(error);
  if (refused !== undefined) {
    const { message, hint } = refused;
    const at = place ?? refused.place?.file;
    return { message, ...(at !== undefined && { place: at }), ...(hint !== undefined && { hint }) };
  }
  return {
    message: error.message === '' ? error.name : error.message,
    ...(place !== undefined && { place }),
    ...(error.stack !== undefined && { stack: error.stack }),
  };
}
