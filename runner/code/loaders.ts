import { extname } from 'node:path';
import type { Loader, Message, PartialMessage } from 'esbuild';

/** How a file is read, by the end of its name. Whatever is not listed here is refused by name. */
const loaders: Readonly<Partial<Record<string, Loader>>> = {
  '': 'js',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
  '.jsx': 'jsx',
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.json': 'json',
  '.txt': 'text',
};

/** `import data from './data.bin' with { type: 'bytes' }` reads any file so. */
const loadersByType: Readonly<Partial<Record<string, Loader>>> = {
  json: 'json',
  text: 'text',
  bytes: 'binary',
};

/** Undefined where a kind cannot import such a file. */
export function loaderOf(path: string, attributes: Readonly<Record<string, string>>): Loader | undefined {
  const { type } = attributes;
  return type === undefined ? loaders[extname(path)] : loadersByType[type];
}

export function unreadable(name: string): PartialMessage {
  const endings = Object.keys(loaders).filter((ending) => ending !== '');
  return {
    text: `a kind cannot import ${name}: it takes files that end with ${endings.join(', ')}`,
    notes: [{ text: "Import it with { type: 'text' } or { type: 'bytes' }, or let a param name it." }],
  };
}

/** What stands for `import.meta.url` and the like while a module is looked through for them. */
const placeMarks = {
  'import.meta.url': '__pipeline_meta_url__',
  'import.meta.dirname': '__pipeline_meta_dirname__',
  'import.meta.filename': '__pipeline_meta_filename__',
  'import.meta.resolve': '__pipeline_meta_resolve__',
  'require.resolve': '__pipeline_require_resolve__',
  __dirname: '__pipeline_dirname__',
  __filename: '__pipeline_filename__',
} as const;
export const marks: Readonly<Record<string, string>> = placeMarks;

/** What a module does by its own place, which is not that of the code that runs. */
export interface PlaceUses {
  /** Specifiers of `import.meta.resolve('package/file')`. */
  readonly resolved: readonly string[];
  /** A use through which it would read what no key covers, as it is written. */
  readonly forbidden: string | undefined;
}

/** `code` has marks in the place of what they stand for. */
export function placeUses(code: string): PlaceUses {
  if (!code.includes('__pipeline_')) return { resolved: [], forbidden: undefined };
  const resolved: string[] = [];
  const rest = code
    // The address of the running code itself, by which it starts threads.
    .replaceAll(`new URL(${placeMarks['import.meta.url']})`, '')
    .replaceAll(/__pipeline_meta_resolve__\(("(?:[^"\\]|\\.)*")\)/g, (_, literal: string) => {
      resolved.push(JSON.parse(literal) as string);
      return '';
    });
  const forbidden = Object.entries(placeMarks).find(([, mark]) => rest.includes(mark))?.[0];
  return { resolved, forbidden };
}

/** Messages of esbuild that are only notes to it, and errors here: what they are about would be in no key. */
export const errorsHere: Readonly<Record<string, 'error'>> = {
  'different-path-case': 'error',
  'empty-glob': 'error',
  'indirect-require': 'error',
  'unsupported-dynamic-import': 'error',
  'unsupported-require-call': 'error',
};

/** What esbuild says, in our words where it does not say what is the matter here. */
export function wordsOf({ id, text, notes }: Message): { readonly message: string; readonly hint?: string } {
  switch (id) {
    case 'empty-glob':
    case 'unsupported-dynamic-import':
      return computedName('import()');
    case 'indirect-require':
    case 'unsupported-require-call':
      return computedName('require()');
    default:
      return { message: text, ...(notes.length > 0 && { hint: notes.map((note) => note.text).join('\n') }) };
  }
}

export function computedName(call: string): { readonly message: string; readonly hint: string } {
  return {
    message: `${call} of a computed name cannot be followed: what it loads would be in no key`,
    hint: 'Write the names out, one call for each.',
  };
}
