import { existsSync } from 'node:fs';
import { constants, copyFile, link, mkdir, rename, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { diskFull, explainFileError } from '../failure.mjs';
import { withLock } from '../lock.mjs';
import { findPip } from '../pip.mjs';
import { addonPackage } from './addon.mjs';
import { compiledAddon, findCompiler, NODE_API } from './compile.mjs';
import { downloadWheel, extractWheel, WHEEL } from './wheel.mjs';

/** The wheel, and what is extracted of it. */
const NEEDED_BYTES = 950e6;

/**
 * Makes tfjs-node work with libtensorflow from the Python package: fetched and compiled once for all clones.
 * @param {string} root
 * @param {string} cache
 * @param {import('../reporter.mjs').Reporter} reporter
 */
export async function installFromWheel(root, cache, reporter) {
  const library = path.join(cache, `libtensorflow-${WHEEL.version}-${WHEEL.sha256.slice(0, 8)}`);
  /** @param {string} holder */
  const onWait = (holder) => reporter.say(`  waiting for ${holder}, which is fetching TensorFlow`);
  try {
    await mkdir(cache, { recursive: true });
    await withLock(`${library}.lock`, onWait, async () => {
      if (!existsSync(library)) await fetchLibrary(library, reporter);
      const addon = await compiledAddon(root, library, (work) =>
        reporter.step("compiling tfjs-node's addon against it", work),
      );
      await place(root, library, addon);
    });
  } catch (error) {
    throw explainFileError(error, cache);
  }
}

/**
 * @param {string} library
 * @param {import('../reporter.mjs').Reporter} reporter
 */
async function fetchLibrary(library, reporter) {
  const { bavail, bsize } = await statfs(path.dirname(library));
  if (bavail * bsize < NEEDED_BYTES) throw diskFull(path.dirname(library));
  // Looked for before the download, not after it.
  const [pip] = await Promise.all([findPip(path.dirname(library), reporter), findCompiler()]);
  // We hold the lock, so what is there was left by a process that was stopped.
  const partial = `${library}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const title = `downloading libtensorflow ${WHEEL.version} in the Python package ${WHEEL.project} (${WHEEL.megabytes} MB, kept in ${path.dirname(library)})`;
    const wheel = await reporter.step(title, () => downloadWheel(pip, partial));
    await reporter.step('unpacking the library (680 MB)', () => extractWheel(wheel, partial));
    await rm(wheel);
    await rename(partial, library);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/**
 * Puts library and addon where tfjs-node looks for them. Hard links where the disk is the same: they cost no
 * space and stay when the cache is emptied.
 * @param {string} root
 * @param {string} library
 * @param {string} addon
 */
async function place(root, library, addon) {
  const target = addonPackage(root);
  const libraries = path.join(target, 'deps', 'lib');
  const addons = path.join(target, 'lib', `napi-v${NODE_API}`);
  for (const folder of [path.join(target, 'deps'), path.join(target, 'lib')]) {
    await rm(folder, { recursive: true, force: true });
  }
  await mkdir(libraries, { recursive: true });
  await mkdir(addons, { recursive: true });
  for (const name of ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2']) {
    const from = path.join(library, 'tensorflow', name);
    const to = path.join(libraries, name);
    await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE));
  }
  await copyFile(addon, path.join(addons, 'tfjs_binding.node'));
}
