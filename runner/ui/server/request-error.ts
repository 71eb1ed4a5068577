import type { Problem } from '../../errors.ts';

/** A request that cannot be answered, with the status of HTTP that says so. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;
  readonly problems: readonly Problem[];

  constructor(status: number, problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.status = status;
    this.problems = problems;
  }
}

export function notFound(message: string, hint?: string): RequestError {
  return new RequestError(404, [{ message, ...(hint !== undefined && { hint }) }]);
}

export function badRequest(message: string, hint?: string): RequestError {
  return new RequestError(400, [{ message, ...(hint !== undefined && { hint }) }]);
}
