import { readdirSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { sha256 as digestOf } from '../fingerprint/hash.ts';
import { sameStamp, type Stamp, stampOf } from '../fingerprint/stat.ts';
import type { Aside } from './aside.ts';
import { writeDurably } from './durable.ts';
import type { ArtifactFile, ArtifactFolder, Manifest } from './entry.ts';
import { Placing } from './place.ts';
import { folderRights } from './rights.ts';
import {
  type Condition,
  conditionOf,
  holds,
  isShownAs,
  readShown,
  shownOf,
  type ShownFile,
  type ShownStage,
  type ShownStages,
  type ShownState,
  statsOf,
} from './shown.ts';

/** Something in `artifacts/` that was in the way of what a stage made. Paths are relative to the workspace. */
export interface Replaced {
  readonly name: string;
  /** False where no run ever showed anything there. */
  readonly wasShown: boolean;
  /** Where it lies now; undefined where nothing but its rights differed. */
  readonly keptAs?: string;
}

/**
 * Artifacts where people and commands look for them: `artifacts/<stage>/` shows the current artifact of each stage of one
 * pipeline file; what others show is kept in `artifacts/.others/<file>/`. Files are clones (copy-on-write) where the file
 * system can, copies elsewhere; never links to the cache, since an edit through a link would reach into it. Files that
 * have not changed are left alone. Those that someone edited, or put there, are moved aside and never lost.
 */
export class View {
  readonly #root: string;
  readonly #file: string;
  readonly #pipeline: string;
  readonly #aside: Aside;
  readonly #placing: Placing;
  #state: ShownState;
  #saving = Promise.resolve();

  /** `file` is where it remembers what is shown; `pipeline` the name of the pipeline's file. */
  constructor(root: string, file: string, options: { readonly pipeline: string; readonly aside: Aside }) {
    this.#root = root;
    this.#file = file;
    this.#pipeline = options.pipeline;
    this.#aside = options.aside;
    this.#placing = new Placing(join(dirname(file), 'tmp'));
    this.#state = readShown(file, options.pipeline);
  }

  /** Once the lock is taken: another run may have shown something meanwhile. */
  reload(): void {
    this.#state = readShown(this.#file, this.#pipeline);
  }

  /** The pipeline file whose stages are shown now, where it is another one. */
  get other(): string | undefined {
    const { pipeline } = this.#state;
    return pipeline === this.#pipeline ? undefined : pipeline;
  }

  /** Absolute path of the folder that shows a stage's artifact. */
  folder(stage: string): string {
    const root = this.other === undefined ? this.#root : this.#othersFolder(this.#pipeline);
    return join(root, viewFolder(stage));
  }

  /** What shows a stage's artifact, by absolute path, with the stamps it was given; of a link its own. */
  stamps(stage: string): [string, Stamp][] {
    const folder = this.folder(stage);
    const { files, folders = [] } = this.#stageOf(stage);
    const links = folders.flatMap(({ name, link }): [string, Stamp][] => {
      const stats = link === undefined ? undefined : statsOf(join(folder, name));
      return stats === undefined ? [] : [[join(folder, name), stampOf(stats)]];
    });
    return [
      ...Object.entries(files).map(([name, { stamp }]): [string, Stamp] => [join(folder, name), stamp]),
      ...links,
    ];
  }

  /**
   * Before a run shows anything: brings back what was shown of these stages, of this pipeline file or of another one, and
   * moves all else out of sight.
   */
  async open(stages: ReadonlySet<string>, shown = this.#pipeline): Promise<void> {
    const { pipeline, others } = this.#state;
    const before = JSON.stringify(this.#state);
    for (const stage of Object.keys(this.#state.stages)) {
      if (pipeline === shown && stages.has(stage)) continue;
      const moved = await this.#move(
        stage,
        this.#root,
        this.#othersFolder(pipeline),
        this.#state.stages[stage],
      );
      (others[pipeline] ??= {})[stage] = moved;
      this.#state.stages = without(this.#state.stages, stage);
    }
    this.#state.pipeline = shown;
    for (const [stage, hidden] of Object.entries(others[shown] ?? {})) {
      if (!stages.has(stage) || Object.hasOwn(this.#state.stages, stage)) continue;
      this.#state.stages[stage] = await this.#move(stage, this.#othersFolder(shown), this.#root, hidden);
      others[shown] = without(others[shown], stage);
    }
    if (JSON.stringify(this.#state) !== before) await this.#save();
  }

  /** Shows an artifact under a stage's name. Returns what was in its way. */
  async show(
    stage: string,
    manifest: Manifest,
    pathOf: (sha256: string) => string,
  ): Promise<readonly Replaced[]> {
    const folder = this.folder(stage);
    const before = this.#stageOf(stage);
    const after: Record<string, ShownFile> = {};
    const replaced: Replaced[] = [];
    const toPlace: { file: ArtifactFile; shown: ShownFile | undefined; condition: Condition | undefined }[] =
      [];
    let copied = false;
    for (const file of manifest.files) {
      const target = join(folder, file.name);
      const shown = before.files[file.name] as ShownFile | undefined;
      const condition = shown === undefined ? undefined : await conditionOf(target, shown);
      if (isShownAs(shown, file) && (condition === 'untouched' || condition === 'same')) {
        const isCopy = condition === 'same';
        after[file.name] = isCopy ? { ...shown!, stamp: stampOf(statsOf(target)!) } : shown!;
        copied ||= isCopy;
        continue;
      }
      toPlace.push({ file, shown, condition });
    }
    const names = new Set(manifest.files.map(({ name }) => name));
    const gone = Object.entries(before.files).filter(([name]) => !names.has(name));
    for (const [name, shown] of gone) {
      replaced.push(...(await this.#remove(join(folder, name), folder, shown)));
    }
    const foldersChanged = JSON.stringify(before.folders ?? []) !== JSON.stringify(manifest.folders ?? []);
    if (foldersChanged) await this.#removeFolders(folder, before.folders ?? []);
    // What was there before is gone by now: a file may stand in the place of its folder, or the other way round.
    for (const { file, shown, condition } of toPlace) {
      const target = join(folder, file.name);
      replaced.push(...(await this.#clearWay(target)));
      if (condition === 'otherwise') replaced.push({ name: this.#nameOf(target), wasShown: true });
      const isSame = shown === undefined && file.link === undefined && (await holds(target, file.sha256));
      if ((shown === undefined && !isSame) || condition === 'edited') {
        replaced.push(...(await this.#giveWay(target, shown !== undefined)));
      }
      if (file.link === undefined) await this.#placing.copy(pathOf(file.sha256), target, file.mode);
      else await this.#placing.link(file.link, target);
      after[file.name] = shownOf(file, target);
    }
    await this.#makeFolders(folder, manifest.folders ?? [], replaced);
    const changed = toPlace.length > 0 || gone.length > 0 || foldersChanged;
    if (changed) {
      // Files are completed together: one that is a plain copy again makes all of its stage due.
      for (const file of manifest.files) {
        const { stamp } = after[file.name];
        after[file.name] = { ...shownOf(file, join(folder, file.name)), stamp };
      }
    }
    if (changed || copied) {
      const { folders } = manifest;
      this.#state.stages[stage] = { files: after, ...(folders !== undefined && { folders }) };
      await this.#save();
    }
    return replaced;
  }

  /** Whether `artifacts/` shows an artifact under a stage's name, looking at no content that has not been touched. */
  async shows(stage: string, { files, folders = [] }: Manifest): Promise<boolean> {
    if (this.other !== undefined) return false;
    const shown = this.#stageOf(stage);
    if (Object.keys(shown.files).length !== files.length) return false;
    if (JSON.stringify(shown.folders ?? []) !== JSON.stringify(folders)) return false;
    for (const file of files) {
      const one = shown.files[file.name] as ShownFile | undefined;
      if (one === undefined || !isShownAs(one, file)) return false;
      const condition = await conditionOf(join(this.folder(stage), file.name), one);
      if (condition !== 'untouched' && condition !== 'same') return false;
    }
    return true;
  }

  /** What of each stage is shown now. */
  stages(): ReadonlyMap<string, ShownStage> {
    return new Map(Object.entries(this.#state.stages));
  }

  /** Shows nothing of a stage any more. */
  async hide(stage: string): Promise<void> {
    const folder = this.folder(stage);
    const { files, folders = [] } = this.#stageOf(stage);
    for (const [name, shown] of Object.entries(files)) await this.#remove(join(folder, name), folder, shown);
    await this.#removeFolders(folder, folders);
    await removeEmpty(folder, this.#root);
    this.#state.stages = without(this.#state.stages, stage);
    await this.#save();
  }

  /** What the files of a stage were completed with; undefined where none is. */
  completedWith(stage: string): string | undefined {
    const files = Object.values(this.#stageOf(stage).files);
    return files.find(({ completed }) => completed !== undefined)?.completed;
  }

  /**
   * Shows in the place of a file that is shown already the same file with more in it, such as how long its stages took.
   * The cache keeps the file as the stage made it; the completed one stays until the stage makes another.
   */
  async complete(stage: string, file: string, text: string, completed: string): Promise<void> {
    const target = join(this.folder(stage), file);
    await this.#placing.text(text, target);
    const shown = this.#state.stages[stage];
    const { sha256 } = shown.files[file];
    const stamp = stampOf(statsOf(target)!);
    const files = { ...shown.files, [file]: { sha256, stamp, completed, completedSha256: digestOf(text) } };
    this.#state.stages[stage] = { ...shown, files };
    await this.#save();
  }

  #stageOf(stage: string): ShownStage {
    const { stages } = this.#state;
    return Object.hasOwn(stages, stage) ? stages[stage] : { files: {} };
  }

  #othersFolder(pipeline: string): string {
    return join(this.#root, '.others', pipeline);
  }

  #nameOf(path: string): string {
    return join('artifacts', relative(this.#root, path));
  }

  /** Moves what stands at a path aside, unless nothing does. */
  async #giveWay(path: string, wasShown: boolean): Promise<Replaced[]> {
    if (statsOf(path) === undefined) return [];
    const name = this.#nameOf(path);
    return [{ name, wasShown, keptAs: await this.#aside.keep(name, path, 'edited') }];
  }

  /** Only folders may stand on the way to a file: through a link, something of a person's would be written over. */
  async #clearWay(target: string): Promise<Replaced[]> {
    const replaced: Replaced[] = [];
    const parts = relative(this.#root, dirname(target)).split('/');
    for (let count = 1; count <= parts.length; count += 1) {
      const above = join(this.#root, ...parts.slice(0, count));
      const stats = statsOf(above);
      if (stats === undefined) break;
      if (!stats.isDirectory()) replaced.push(...(await this.#giveWay(above, false)));
    }
    return replaced;
  }

  /** Removes what is no longer shown, and the folders that this leaves empty; what was edited is moved aside. */
  async #remove(path: string, folder: string, shown: ShownFile): Promise<Replaced[]> {
    const condition = await conditionOf(path, shown);
    const replaced = condition === 'edited' ? await this.#giveWay(path, true) : [];
    await rm(path, { force: true });
    await removeEmpty(dirname(path), folder);
    return replaced;
  }

  async #removeFolders(folder: string, folders: readonly ArtifactFolder[]): Promise<void> {
    for (const { name, link } of folders.toReversed()) {
      const path = join(folder, name);
      if (link === undefined) await removeEmpty(path, folder);
      else if (linkAt(path) === link) await rm(path);
    }
  }

  async #makeFolders(
    folder: string,
    folders: readonly ArtifactFolder[],
    replaced: Replaced[],
  ): Promise<void> {
    for (const { name, mode, link } of folders) {
      const path = join(folder, name);
      if (link === undefined) {
        if (statsOf(path)?.isDirectory() === true) continue;
        replaced.push(...(await this.#clearWay(join(path, '.'))));
        await mkdir(path, { recursive: true });
        // Its owner must be able to show something else there.
        if (mode !== undefined) await chmod(path, folderRights(mode) | 0o700);
      } else if (linkAt(path) !== link) {
        replaced.push(...(await this.#clearWay(path)), ...(await this.#giveWay(path, false)));
        await this.#placing.link(link, path);
      }
    }
  }

  /** Moves the files that show a stage, and nothing that lies beside them. */
  async #move(stage: string, from: string, to: string, shown: ShownStage): Promise<ShownStage> {
    const [source, target] = [join(from, viewFolder(stage)), join(to, viewFolder(stage))];
    const files: Record<string, ShownFile> = {};
    for (const [name, file] of Object.entries(shown.files)) {
      const [path, place] = [join(source, name), join(target, name)];
      const stats = statsOf(path);
      files[name] = file;
      if (stats === undefined) continue;
      const isUntouched = sameStamp(file.stamp, stampOf(stats));
      await this.#clearWay(place);
      await this.#giveWay(place, false);
      await mkdir(dirname(place), { recursive: true });
      await rename(path, place);
      if (isUntouched) files[name] = { ...file, stamp: stampOf(statsOf(place)!) };
      await removeEmpty(dirname(path), source);
    }
    await this.#removeFolders(source, shown.folders ?? []);
    await removeEmpty(source, from);
    await this.#makeFolders(target, shown.folders ?? [], []);
    return { ...shown, files };
  }

  #save(): Promise<void> {
    const text = JSON.stringify(this.#state);
    this.#saving = this.#saving.catch(() => undefined).then(() => writeDurably(this.#file, text));
    return this.#saving;
  }
}

function linkAt(path: string): string | undefined {
  return statsOf(path)?.isSymbolicLink() === true ? readlinkSync(path) : undefined;
}

/** Removes a folder if nothing is in it, and then those above it up to `root`, which stays. */
async function removeEmpty(path: string, root: string): Promise<void> {
  for (let folder = path; folder !== root && folder.startsWith(root); folder = dirname(folder)) {
    try {
      if (readdirSync(folder).length > 0) return;
      await rmdir(folder);
    } catch {
      // It is gone already, or no folder.
      return;
    }
  }
}

function without(stages: ShownStages, stage: string): ShownStages {
  return Object.fromEntries(Object.entries(stages).filter(([name]) => name !== stage));
}

/** `train[cnn,mfcc]` → `train/cnn-mfcc`. */
export function viewFolder(stage: string): string {
  const match = /^([^[]+)\[(.*)\]$/.exec(stage);
  return match === null ? stage : `${match[1]}/${match[2].replaceAll(',', '-').replaceAll('/', '-')}`;
}
