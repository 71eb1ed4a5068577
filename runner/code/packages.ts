import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `@scope/name` or `name` of a bare import such as `@scope/name/sub/path`. */
export function packageOf(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}

interface LockedPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface Lockfile {
  readonly packages?: Readonly<Record<string, LockedPackage>>;
}

/** The `package.json` that an import of `name` from `folder` resolves to, or undefined where none is installed. */
export function findPackageJson(name: string, folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name, 'package.json');
    if (existsSync(candidate)) return candidate;
    if (dirname(at) === at) return undefined;
  }
}

/**
 * The versions of npm packages, as a stage's fingerprint states them: `1.2.3`, and where the lockfile knows what the
 * package itself depends on, a digest of that whole closure behind a `+`. A new version of a dependency's dependency
 * is new code for the stage that uses it.
 */
export class PackageVersions {
  readonly #lock: Lockfile;

  constructor(lockfile: string) {
    this.#lock = existsSync(lockfile) ? (JSON.parse(readFileSync(lockfile, 'utf8')) as Lockfile) : {};
  }

  version(name: string, packageJson: string): string {
    const installed = JSON.parse(readFileSync(packageJson, 'utf8')) as { version?: string };
    const version = installed.version ?? '0.0.0';
    const closure = this.#closure(name);
    if (closure.length <= 1) return version;
    return `${version}+${createHash('sha256').update(closure.join('\n')).digest('hex').slice(0, 12)}`;
  }

  #closure(name: string): string[] {
    const packages = this.#lock.packages ?? {};
    const seen = new Map<string, string>();
    const visit = (dependency: string, from: string): void => {
      const place = resolveLocked(packages, dependency, from);
      if (place === undefined || seen.has(place)) return;
      const locked = packages[place];
      seen.set(place, `${dependency}@${locked.version ?? ''}`);
      const { dependencies, optionalDependencies, peerDependencies } = locked;
      for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
        visit(next, place);
      }
    };
    visit(name, '');
    return [...seen.values()].sort();
  }
}

/** Node's resolution on the lockfile's own paths: nested `node_modules` first, then outwards. */
function resolveLocked(
  packages: Readonly<Record<string, LockedPackage>>,
  name: string,
  from: string,
): string | undefined {
  for (let at = from; ;) {
    const candidate = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (at === '') return undefined;
    const cut = at.lastIndexOf('/node_modules/');
    at = cut < 0 ? '' : at.slice(0, cut);
  }
}
