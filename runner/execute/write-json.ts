import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './job.ts';

/** Writes a file of the artifact beside its table. */
export async function writeJson(job: Job, name: string, value: unknown): Promise<void> {
  await writeFile(join(job.output, name), `${JSON.stringify(value, null, 2)}\n`);
}
