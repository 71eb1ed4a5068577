import path from 'node:path';
import { cacheFolder } from './cache.mjs';
import { withLock } from './lock.mjs';
import { installPackages, missingPackages } from './packages.mjs';
import { Reporter } from './reporter.mjs';
import { currentRuntime, isPrepared, lockfileDigest, readStamp, renewedStamp, writeStamp } from './stamp.mjs';
import { prepareTensorflow } from './tensorflow/index.mjs';

/**
 * Installs what is missing for running the pipeline. On a prepared workspace it does and says nothing.
 * @param {string} root of the repository
 * @param {Reporter} [reporter]
 */
export async function prepare(root, reporter = new Reporter()) {
  if (isPrepared(root)) return;
  /** @param {string} holder */
  const onWait = (holder) => reporter.say(`Waiting for ${holder}, which is preparing this workspace.`);
  await withLock(path.join(root, '.pipeline', 'prepare.lock'), onWait, async () => {
    if (isPrepared(root)) return;
    const start = performance.now();
    const missing = missingPackages(root);
    if (missing !== null) {
      reporter.say(`Preparing this workspace, once: ${missing}.`);
      await reporter.step('installing the npm packages of package-lock.json', () => installPackages(root));
    }
    const lockfile = lockfileDigest(root);
    await prepareTensorflow(root, cacheFolder(), reporter);
    writeStamp(root, renewedStamp(readStamp(root), lockfile, currentRuntime()));
    if (missing !== null) {
      reporter.say(`The workspace is prepared (${Math.round((performance.now() - start) / 1000)} s).`);
    }
  });
}
