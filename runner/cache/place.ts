import { randomBytes } from 'node:crypto';
import { chmodSync, constants } from 'node:fs';
import { copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileRights } from './rights.ts';

/**
 * Puts files and links in their places, whole or not at all: what is written lies in a folder for temporary files first,
 * so that a killed copy leaves nothing among what people look at. Nothing but a file or a link may stand there.
 */
export class Placing {
  readonly #temporary: string;

  constructor(temporary: string) {
    this.#temporary = temporary;
  }

  /** A clone (copy-on-write) where the file system can, a copy elsewhere; never a link. */
  copy(from: string, to: string, mode?: number): Promise<void> {
    return this.#place((path) => copyTo(path, from, fileRights(mode)), to);
  }

  text(text: string, to: string): Promise<void> {
    return this.#place((path) => writeFile(path, text, { mode: fileRights(undefined) }), to);
  }

  link(end: string, to: string): Promise<void> {
    return this.#place((path) => symlink(end, path), to);
  }

  async #place(write: (path: string) => Promise<void>, to: string): Promise<void> {
    const name = `view-${process.pid}-${randomBytes(4).toString('hex')}`;
    const temporary = join(this.#temporary, name);
    await mkdir(dirname(temporary), { recursive: true });
    await write(temporary);
    await mkdir(dirname(to), { recursive: true });
    try {
      await rename(temporary, to);
    } catch (error) {
      await rm(temporary, { force: true });
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      // Outs may lie on another disk than artifacts/.
      const beside = join(dirname(to), `.${name}`);
      await write(beside);
      await rename(beside, to);
    }
  }
}

async function copyTo(to: string, from: string, rights: number): Promise<void> {
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    chmodSync(to, rights);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}
