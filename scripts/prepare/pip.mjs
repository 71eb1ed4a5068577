import path from 'node:path';
import { rm } from 'node:fs/promises';
import { run, tail } from './command.mjs';
import { PreparationFailure } from './failure.mjs';

const PYTHON = process.platform === 'win32' ? 'python' : 'python3';

/** @returns {Promise<string>} the command of a Python 3 */
export async function findPython() {
  const outcome = await run(PYTHON, ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']);
  if (outcome.ok) return PYTHON;
  throw new PreparationFailure(
    outcome.missing ? `${PYTHON} is not to be found` : `${PYTHON} does not run, or is older than 3.9`,
    'install Python 3 with pip, e.g. `sudo apt-get install python3-pip` or `sudo dnf install python3-pip`',
  );
}

/**
 * The command of a pip: the one that came with Python, or one that Python brings along for virtual environments.
 * @param {string} cache
 * @param {import('./reporter.mjs').Reporter} reporter
 * @returns {Promise<readonly string[]>} e.g. `['python3', '-m', 'pip']`
 */
export async function findPip(cache, reporter) {
  const python = await findPython();
  if ((await run(python, ['-m', 'pip', '--version'])).ok) return [python, '-m', 'pip'];
  const environment = path.join(cache, 'pip');
  await rm(environment, { recursive: true, force: true });
  await reporter.step('this Python has no pip: making an environment that has', async () => {
    const made = await run(python, ['-m', 'venv', environment]);
    if (made.ok) return;
    throw new PreparationFailure(
      `${python} has no pip, and none can be made (${made.ending}):\n${tail(made.output)}`,
      'install it: `sudo apt-get install python3-pip`, `sudo dnf install python3-pip` or `python3 -m ensurepip --user`',
    );
  });
  return [venvPython(environment), '-m', 'pip'];
}

/** @param {string} environment folder of a virtual environment */
export function venvPython(environment) {
  return process.platform === 'win32'
    ? path.join(environment, 'Scripts', 'python.exe')
    : path.join(environment, 'bin', 'python');
}
