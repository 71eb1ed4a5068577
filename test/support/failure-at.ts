import { expect } from '@jest/globals';

/** Matches a StageFailure by its place and by a part of its message. */
export function failureAt(place: string, message: string): Error {
  return expect.objectContaining({
    name: 'StageFailure',
    place,
    message: expect.stringContaining(message),
  }) as unknown as Error;
}
