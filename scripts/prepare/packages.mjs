import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run, tail } from './command.mjs';
import { PreparationFailure } from './failure.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lockfile
 */

/**
 * Why the packages must be installed, or null where those in node_modules are those of package-lock.json.
 * @param {string} root
 */
export function missingPackages(root) {
  const locked = readLockfile(path.join(root, 'package-lock.json'));
  if (locked === null) {
    throw new PreparationFailure(
      `${path.join(root, 'package-lock.json')} is missing or unreadable`,
      'restore it: git checkout -- package-lock.json',
    );
  }
  // npm's own record of what it installed, written as the last thing it does.
  const installed = readLockfile(path.join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'no npm packages are installed yet';
  return installedDiffers(locked, installed);
}

/**
 * @param {Lockfile} locked package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 * @returns {string | null} the first difference in words, or null
 */
export function installedDiffers(locked, installed) {
  const there = installed.packages ?? {};
  const wanted = locked.packages ?? {};
  for (const [name, entry] of Object.entries(wanted)) {
    if (name === '') continue;
    const found = there[name];
    // Optional packages are those of other platforms.
    if (found === undefined && (entry.optional || entry.devOptional)) continue;
    if (found === undefined) return `${plainName(name)} is not installed`;
    if (found.version !== entry.version || found.integrity !== entry.integrity) {
      return `${plainName(name)} is installed as ${found.version ?? '?'}, package-lock.json says ${entry.version ?? '?'}`;
    }
  }
  const extra = Object.keys(there).find((name) => wanted[name] === undefined);
  return extra === undefined ? null : `${plainName(extra)} is installed and not in package-lock.json`;
}

/** @param {string} folder as in a lockfile, e.g. `node_modules/a/node_modules/b` */
const plainName = (folder) => folder.replace(/^.*node_modules\//, '');

/**
 * @param {string} file
 * @returns {Lockfile | null}
 */
function readLockfile(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/**
 * Installs exactly what package-lock.json names. Install scripts are left out: those of these packages only
 * download binaries, from hosts that may be out of reach; what is needed of them is prepared on its own.
 * @param {string} root
 */
export async function installPackages(root) {
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  // What npm's cache has is not asked for again: package-lock.json pins it by its content all the same.
  let outcome = await run('npm', [...args, '--prefer-offline'], { cwd: root });
  // A cached list of a package's versions may be older than the version wanted.
  if (/ETARGET/.test(outcome.output)) outcome = await run('npm', args, { cwd: root });
  if (outcome.ok) return;
  if (outcome.missing) {
    throw new PreparationFailure(
      'npm is not to be found',
      'install npm, which comes with Node, and put it on the PATH',
    );
  }
  throw new PreparationFailure(
    `npm ci failed (${outcome.ending}):\n${tail(outcome.output)}`,
    npmHint(outcome.output, root),
  );
}

/**
 * @param {string} output of npm
 * @param {string} root
 */
export function npmHint(output, root) {
  if (/ENOSPC/.test(output))
    return `free some space on the disk of ${root} and of npm's cache, and try again`;
  if (/EACCES|EPERM|EROFS/.test(output)) return `make ${root} and npm's cache writable, and try again`;
  if (/EINTEGRITY/.test(output)) return 'a package arrived broken: run `npm cache verify` and try again';
  if (/EUSAGE/.test(output))
    return 'package-lock.json does not fit package.json: run `npm install --ignore-scripts`';
  if (/ENOTFOUND|ETIMEDOUT|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ERR_SOCKET_TIMEOUT/.test(output)) {
    return 'the npm registry is out of reach: check the network, the proxy and `npm config get registry`, and try again';
  }
  return 'mend what npm complains about, and try again';
}
