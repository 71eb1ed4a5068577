import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run, tail } from './command.mjs';
import { PreparationFailure } from './failure.mjs';
import { missingPackages, npmHint } from './packages.mjs';
import { Reporter } from './reporter.mjs';

/**
 * What few need lies in packages of their own below `optional/`, each with its own lockfile, so that the product's own
 * install neither brings them nor takes them away again.
 * @param {string} root of the repository
 */
export function optionalParts(root) {
  return readdirSync(path.join(root, 'optional'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/**
 * Installs a part unless it is there as its lockfile says.
 * @param {string} root of the repository
 * @param {string} part
 * @param {Reporter} [reporter]
 */
export async function installOptional(root, part, reporter = new Reporter()) {
  const parts = optionalParts(root);
  if (!parts.includes(part)) {
    throw new PreparationFailure(`there is no optional part ${part}`, `name one of: ${parts.join(', ')}`);
  }
  const folder = path.join(root, 'optional', part);
  if (missingPackages(folder) === null) return;
  await reporter.step(`installing the optional part ${part}`, async () => {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const outcome = await run('npm', args, { cwd: folder });
    if (outcome.ok) return;
    throw new PreparationFailure(
      `npm ci failed (${outcome.ending}):\n${tail(outcome.output)}`,
      npmHint(outcome.output, folder),
    );
  });
}

/**
 * Installs every part, for the tests. Without one of them its tests are skipped, so its failure is said and no more,
 * unless `CI` is set: there a test skipped is a test lost.
 * @param {string} root of the repository
 */
export async function prepareOptional(root, reporter = new Reporter(), env = process.env) {
  for (const part of optionalParts(root)) {
    try {
      await installOptional(root, part, reporter);
    } catch (error) {
      if (!(error instanceof PreparationFailure) || env['CI']) throw error;
      reporter.say(`  without ${part}: ${error.message}\n  its tests are skipped; way out: ${error.hint}`);
    }
  }
}
