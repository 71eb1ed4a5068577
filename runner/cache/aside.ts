import { cp, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** Why something was moved away. What is `adopted` stays until its owner deletes it; of the others the newest stay. */
export type AsideReason = 'adopted' | 'edited' | 'left';

const kept = 20;

/**
 * Where files are moved that stand in the way and are no stage's, so that nothing of a person is lost:
 * `artifacts/.aside/<time>-<reason>/`, below it as they lay in the workspace.
 */
export class Aside {
  readonly #workspace: string;
  readonly #root: string;
  readonly #time: string;

  constructor(workspace: string, artifacts: string) {
    this.#workspace = workspace;
    this.#root = join(artifacts, '.aside');
    this.#time = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
  }

  /** Moves a file, link or folder there. Takes its name and gives its new one, both relative to the workspace. */
  async keep(name: string, path: string | Buffer, reason: AsideReason): Promise<string> {
    const folder = join(this.#root, `${this.#time}-${reason}`);
    const to = await freeName(join(folder, name));
    await mkdir(dirname(to), { recursive: true });
    await move(path, to);
    if (reason !== 'adopted') await this.#dropOldest(reason, basename(folder));
    return relative(this.#workspace, to);
  }

  async #dropOldest(reason: AsideReason, current: string): Promise<void> {
    const of = (await readdir(this.#root)).filter((name) => name.endsWith(`-${reason}`) && name !== current);
    for (const name of of.sort().slice(0, Math.max(0, of.length + 1 - kept))) {
      await rm(join(this.#root, name), { recursive: true, force: true });
    }
  }
}

/** Another of the same name may have been moved there in the same second. */
async function freeName(path: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? path : `${path}.${number}`;
    const isFree = await lstat(candidate).then(
      () => false,
      () => true,
    );
    if (isFree) return candidate;
  }
}

async function move(from: string | Buffer, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await cp(from.toString(), to, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
    await rm(from, { recursive: true });
  }
}
