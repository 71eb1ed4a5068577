import picomatch from 'picomatch';
import type { Choice } from './walk.ts';

/** Hidden files count as others do, and a name may hold line feeds. */
const options = { dot: true, flags: 's' };

/**
 * A pattern as in `data/*.csv`: `*`, `?`, `[…]`, `{a,b}`, `**` for folders of any depth, and the shell's `!(…)`, `+(…)`. It
 * chooses what has such a name; a folder, with all that lies in it.
 */
export class Pattern implements Choice {
  /** The folder that all it can choose lies in, as written. */
  readonly base: string;
  readonly #matches: (name: string) => boolean;
  /** One a folder on the way, as far as their number is known. */
  readonly #parts: readonly ((name: string) => boolean)[];
  /** Whether it may match at any depth. */
  readonly #anyDepth: boolean;

  private constructor(base: string, glob: string) {
    this.base = base === '' ? '.' : base;
    this.#matches = picomatch(glob, options);
    // A slash within brackets makes parts of no known number.
    const parts = /[{(][^})]*\//.test(glob) ? ['**'] : glob.split('/');
    const deep = parts.findIndex((part) => part.includes('**'));
    this.#anyDepth = deep >= 0;
    this.#parts = (deep < 0 ? parts.slice(0, -1) : parts.slice(0, deep)).map((part) =>
      picomatch(part, options),
    );
  }

  /** Undefined where the text is no pattern, but a plain path. */
  static of(text: string): Pattern | undefined {
    // What is plain, as nearly all is, needs no look at what patterns there are.
    if (!/[*?[{(]/.test(text)) return undefined;
    const { base, glob } = picomatch.scan(text.replace(/\/+$/, ''));
    return glob === '' ? undefined : new Pattern(base, glob);
  }

  file(name: string): boolean {
    return this.#matches(name);
  }

  folder(name: string): 'all' | 'look' | 'no' {
    if (this.#matches(name)) return 'all';
    const parts = name.split('/');
    if (!this.#anyDepth && parts.length > this.#parts.length) return 'no';
    return this.#parts.every((matches, at) => at >= parts.length || matches(parts[at])) ? 'look' : 'no';
  }
}
