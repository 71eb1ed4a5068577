import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Raised when a workspace prepared by an earlier version of these scripts must be prepared anew. */
const RECIPE = 1;

/**
 * What a prepared workspace was prepared for. Kept inside node_modules, so that it goes when they go.
 * @typedef {object} Stamp
 * @property {number} recipe
 * @property {string} lockfile SHA-256 of package-lock.json
 * @property {readonly string[]} runtimes under which tfjs-node was seen to work, e.g. `linux-x64-node20`
 */

/** @param {string} root */
export const stampFile = (root) => path.join(root, 'node_modules', '.pipeline-prepared.json');

/** The native addon without which a stamp counts for nothing: an interrupted install may leave the one without the other. */
const ADDON = 'node_modules/@tensorflow/tfjs-node/lib';

export function currentRuntime() {
  return `${process.platform}-${process.arch}-node${process.versions.node.split('.')[0] ?? ''}`;
}

/**
 * @param {Stamp | null} stamp
 * @param {{ lockfile: string, runtime: string, addon: boolean }} facts of the workspace and of this process
 * @returns {boolean} whether nothing is left to be prepared
 */
export function stampHolds(stamp, facts) {
  return (
    stamp !== null &&
    stamp.recipe === RECIPE &&
    stamp.lockfile === facts.lockfile &&
    stamp.runtimes.includes(facts.runtime) &&
    facts.addon
  );
}

/**
 * Asked at every start, so it costs no more than reading two files.
 * @param {string} root
 */
export function isPrepared(root) {
  const stamp = readStamp(root);
  if (stamp === null) return false;
  return stampHolds(stamp, {
    lockfile: lockfileDigest(root),
    runtime: currentRuntime(),
    addon: existsSync(path.join(root, ADDON)),
  });
}

/** @param {string} root */
export function lockfileDigest(root) {
  return createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

/**
 * @param {string} root
 * @returns {Stamp | null} null where there is none, or one that cannot be read
 */
export function readStamp(root) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile(root), 'utf8'));
    return Array.isArray(stamp.runtimes) ? stamp : null;
  } catch {
    return null;
  }
}

/**
 * The stamp after a preparation: earlier runtimes are kept as long as the packages are the same, so that going to
 * and fro between two versions of Node costs one check each.
 * @param {Stamp | null} earlier
 * @param {string} lockfile
 * @param {string} runtime
 * @returns {Stamp}
 */
export function renewedStamp(earlier, lockfile, runtime) {
  const kept =
    earlier !== null && earlier.recipe === RECIPE && earlier.lockfile === lockfile ? earlier.runtimes : [];
  return { recipe: RECIPE, lockfile, runtimes: [...new Set([...kept, runtime])] };
}

/**
 * @param {string} root
 * @param {Stamp} stamp
 */
export function writeStamp(root, stamp) {
  const file = stampFile(root);
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, `${JSON.stringify(stamp, null, 2)}\n`);
  renameSync(partial, file);
}
