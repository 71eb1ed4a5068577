import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { run, tail } from './command.mjs';
import { explainFileError, PreparationFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { findPython, venvPython } from './pip.mjs';
import { Reporter } from './reporter.mjs';

const REQUIREMENTS = path.join(import.meta.dirname, 'requirements-tests.txt');

/** The virtual environment of the tests, shared by all clones that want the same packages. */
function environment(cache = cacheFolder()) {
  const digest = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8);
  const folder = path.join(cache, `test-python-${digest}`);
  return { folder, python: venvPython(folder), complete: path.join(folder, 'complete') };
}

/** @returns {string | null} the interpreter that has the packages of the tests, or null where there is none */
export function testPython() {
  const { python, complete } = environment();
  return existsSync(complete) && existsSync(python) ? python : null;
}

/**
 * Makes the virtual environment of the tests. The tests that need it are skipped without it, so its failure is
 * said and no more, unless `CI` is set: there a test skipped is a test lost.
 */
export async function prepareTestPython(reporter = new Reporter(), env = process.env) {
  if (testPython() !== null) return;
  try {
    await makeEnvironment(reporter);
  } catch (error) {
    if (!(error instanceof PreparationFailure) || env['CI']) throw error;
    reporter.say(
      `  without it: ${error.message}\n  the tests that need Python are skipped; way out: ${error.hint}`,
    );
  }
}

/** @param {Reporter} reporter */
async function makeEnvironment(reporter) {
  const { folder, complete } = environment();
  /** @param {string} holder */
  const onWait = (holder) =>
    reporter.say(`  waiting for ${holder}, which is making the tests' Python environment`);
  await withLock(`${folder}.lock`, onWait, async () => {
    if (testPython() !== null) return;
    const python = await findPython();
    await reporter.step('installing what the tests need of Python', async () => {
      try {
        await rm(folder, { recursive: true, force: true });
        await installInto(folder, python);
        await writeFile(complete, '');
      } catch (error) {
        throw explainFileError(error, folder);
      }
    });
  });
}

/**
 * @param {string} folder
 * @param {string} python
 */
async function installInto(folder, python) {
  const whole = await run(python, ['-m', 'venv', folder]);
  // Some systems ship Python without the part that puts pip into an environment; a pip of their own can serve it.
  const bare = whole.ok ? whole : await run(python, ['-m', 'venv', '--without-pip', '--clear', folder]);
  if (!bare.ok) {
    throw new PreparationFailure(
      `${python} cannot make a virtual environment (${bare.ending}):\n${tail(bare.output)}`,
      'install what it lacks, e.g. `sudo apt-get install python3-venv python3-pip`',
    );
  }
  const pip = whole.ok
    ? [venvPython(folder), '-m', 'pip']
    : [python, '-m', 'pip', '--python', venvPython(folder)];
  const [program = '', ...first] = pip;
  const outcome = await run(program, [
    ...first,
    'install',
    '--quiet',
    '--only-binary=:all:',
    '-r',
    REQUIREMENTS,
  ]);
  if (!outcome.ok) {
    throw new PreparationFailure(
      `pip could not install the packages of ${path.basename(REQUIREMENTS)} (${outcome.ending}):\n${tail(outcome.output)}`,
      'check the network and the package index that pip uses (`python3 -m pip config list`), and try again',
    );
  }
}
