import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { run, tail } from './command.mjs';
import { PreparationFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { npmHint } from './packages.mjs';
import { Reporter } from './reporter.mjs';

/** The lines of Node that the product is tested on, without the one that runs this. */
export function otherLines() {
  const own = process.versions.node.split('.')[0];
  return ['20', '22', '24'].filter((line) => line !== own);
}

/** Node itself comes as an npm package for each platform. */
const PACKAGE = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** @param {string} line e.g. `22` */
function places(line) {
  const folder = path.join(cacheFolder(), `node-${line}`);
  return { folder, bin: path.join(folder, 'node_modules', PACKAGE, 'bin') };
}

/**
 * @param {string} line e.g. `22`
 * @returns {string | null} the folder that holds its `node`, to be put first on the PATH; null if not installed
 */
export function otherNode(line) {
  const { bin } = places(line);
  return existsSync(path.join(bin, 'node')) ? bin : null;
}

/**
 * Installs the newest Node of a line into the cache.
 * @param {string} line e.g. `22`
 * @returns {Promise<string>} as {@link otherNode}
 */
export async function installOtherNode(line, reporter = new Reporter()) {
  const { folder, bin } = places(line);
  /** @param {string} holder */
  const onWait = (holder) => reporter.say(`  waiting for ${holder}, which is installing Node ${line}`);
  await withLock(`${folder}.lock`, onWait, async () => {
    if (otherNode(line) !== null) return;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true });
    await writeFile(path.join(partial, 'package.json'), '{ "private": true }\n');
    const outcome = await reporter.step(`installing Node ${line} for the tests`, () =>
      run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${line}`], {
        cwd: partial,
      }),
    );
    if (!outcome.ok) {
      throw new PreparationFailure(
        `Node ${line} could not be installed (${outcome.ending}):\n${tail(outcome.output)}`,
        npmHint(outcome.output, partial),
      );
    }
    await rm(folder, { recursive: true, force: true });
    await rename(partial, folder);
  });
  return bin;
}
