// `npm run build`: builds the runner now rather than at the next start of `./pipeline`.
import path from 'node:path';
import { builtRunner } from './build/runner.mjs';
import { reportFailure } from './prepare/reporter.mjs';

try {
  const entry = await builtRunner(path.dirname(import.meta.dirname));
  process.stdout.write(`${path.relative(process.cwd(), entry)}\n`);
} catch (error) {
  process.exitCode = reportFailure(error);
}
