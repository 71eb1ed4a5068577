import { PipelineError } from '../../errors.ts';
import type { TemporalPlace } from './connection.ts';

/** A server that does not answer, with the way out. */
export function unreachable({ connection }: TemporalPlace, error: unknown): PipelineError {
  const message = `Temporal cannot be reached at ${connection.address}: ${(error as Error).message}`;
  const hint =
    connection.tls === undefined
      ? 'Give its address with --address or TEMPORAL_ADDRESS, and --tls where it asks for that; for one on this machine: temporal server start-dev'
      : 'Look at the address, at --tls-ca-path (who vouches for it), --tls-server-name (what its certificate calls it), and --tls-cert-path with --tls-key-path (who you are)';
  return new PipelineError([{ message, hint }], 2);
}
