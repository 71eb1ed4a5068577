import { PipelineError } from '../../errors.ts';
import type { TemporalPlace } from './connection.ts';

/** A server that does not answer, with the way out. */
export function unreachable({ connection }: TemporalPlace, error: unknown): PipelineError {
  const message = `Temporal cannot be reached at ${connection.address}: ${(error as Error).message}`;
  const hint =
    'Give its address with --address or TEMPORAL_ADDRESS; for one on this machine: temporal server start-dev';
  return new PipelineError([{ message, hint }], 2);
}
