import { lstatSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, posix } from 'node:path';
import { Pattern } from './pattern.ts';
import type { Choice } from './walk.ts';

/** What a text in pipeline.yaml names outside the pipeline. */
export interface NamedFiles {
  /** As written. */
  readonly root: string;
  /** Absolute. Of a pattern, the folder that it chooses from. */
  readonly path: string;
  readonly choice?: Choice;
}

/** What a param of a kind names: a file or folder, whatever characters its name has. */
export function fileOfParam(root: string, workspace: string): NamedFiles {
  return { root, path: isAbsolute(root) ? root : join(workspace, root) };
}

/**
 * What a dep of a command names: a file or folder of that very name, or else what a pattern matches. `~` is the home
 * folder, as in a shell.
 */
export function filesOfDep(root: string, workspace: string): NamedFiles {
  const plain = fileOfParam(root, workspace);
  if (isThere(plain.path)) return plain;
  const text = /^~(?=$|\/)/.test(root) ? `${homedir()}${root.slice(1)}` : root;
  const pattern = Pattern.of(posix.normalize(text));
  if (pattern === undefined) return { root, path: fileOfParam(text, workspace).path };
  return { root, path: fileOfParam(pattern.base, workspace).path, choice: pattern };
}

/** A link that leads nowhere is there too. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}
