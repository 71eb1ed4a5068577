// `npm run optional s3`: installs a part that few need. Without a name it lists them.
import path from 'node:path';
import { installOptional, optionalParts } from './prepare/optional.mjs';
import { reportFailure } from './prepare/reporter.mjs';

const root = path.resolve(import.meta.dirname, '..');
const parts = process.argv.slice(2);

if (parts.length === 0) process.stdout.write(`${optionalParts(root).join('\n')}\n`);
try {
  for (const part of parts) await installOptional(root, part);
} catch (error) {
  process.exitCode = reportFailure(error);
}
