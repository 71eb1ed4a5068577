// `npm run prepare-workspace`: prepares the workspace; with --tests also what only the tests need. --quiet leaves
// out the closing line where nothing was to be done.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTooOld } from './node-version.mjs';

const tooOld = nodeTooOld(process.versions.node);
if (tooOld !== null) {
  process.stderr.write(`error: ${tooOld}\n`);
  process.exit(2);
}

const { prepare } = await import('./prepare.mjs');
const { reportFailure } = await import('./reporter.mjs');
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const options = new Set(process.argv.slice(2));

try {
  await prepare(root);
  if (options.has('--tests')) {
    const { prepareTestPython } = await import('./test-python.mjs');
    await prepareTestPython();
    const { prepareOptional } = await import('./optional.mjs');
    await prepareOptional(root);
  }
  if (!options.has('--quiet')) process.stderr.write('Everything is prepared.\n');
} catch (error) {
  process.exitCode = reportFailure(error);
}
