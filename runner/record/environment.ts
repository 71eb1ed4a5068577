import { availableParallelism, cpus } from 'node:os';
import type { Environment } from '../kind/index.ts';

/** What this process runs under. */
export function currentEnvironment(): Environment {
  return {
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus().at(0)?.model.trim() ?? 'unknown',
    cpus: availableParallelism(),
  };
}
