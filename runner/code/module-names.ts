import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A module of the product's own, which kinds import, as in `pipeline:runner/kind/index.ts`. */
const productPrefix = 'pipeline:';

/**
 * Names modules the same on every machine: by where they lie in the folder that holds the kind, or in the product. No
 * two modules share a name.
 */
export class ModuleNames {
  readonly #roots: readonly (readonly [folder: string, name: string])[];

  /** `root` holds `stages/`, and `file` is the kind's entry in it, as in `stages/features/mfcc/index.ts`. */
  constructor(home: string, root: string, file: string) {
    const roots: [string, string][] = [[real(join(home, 'runner')), `${productPrefix}runner`]];
    // A kind's folder, or all of them, may be a link: what lies there is named as it is seen here.
    for (let name = dirname(file); name !== '.'; name = dirname(name))
      roots.push([real(join(root, name)), name]);
    roots.push([real(root), '']);
    this.#roots = roots.sort(([a], [b]) => b.length - a.length);
  }

  /** `variant` says how a file is imported, where that is not as usual: with `as text` it is another module. */
  of(path: string, variant = ''): string {
    const [folder, name] = this.#roots.find(([root]) => path.startsWith(root + sep)) ?? [
      this.#roots.at(-1)![0],
      '',
    ];
    const below = relative(folder, path).split(sep).join('/');
    const whole = name === '' ? below : `${name}/${below}`;
    const looksLikeAnother =
      (!name.startsWith(productPrefix) && whole.startsWith(productPrefix)) || /[?#]| as \w+$/.test(whole);
    return `${looksLikeAnother ? './' : ''}${whole}${variant}`;
  }
}

function real(path: string): string {
  return existsSync(path) ? realpathSync(path) : path;
}
