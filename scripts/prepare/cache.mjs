import { homedir } from 'node:os';
import path from 'node:path';

/** The folder in which what is downloaded or built once serves every clone of this user. */
export function cacheFolder(env = process.env) {
  const base = env['XDG_CACHE_HOME'];
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'pipeline');
}
