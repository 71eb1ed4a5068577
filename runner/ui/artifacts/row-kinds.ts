import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheEntry } from '../../cache/entry.ts';
import type { Pipeline, StageInstance } from '../../config/index.ts';
import type { DrawRow, Picture, Row, Columns, Sound, SoundOfRow } from '../../kind/index.ts';
import type { SoundPlace } from '../model/artifacts.ts';
import type { PlanView } from '../model/plan.ts';
import type { ArtifactStore } from './artifact-store.ts';

const rowsFile = 'table.arrow';

interface ReadRow {
  readonly row: Row;
  readonly columns: Columns;
}

/** What the kinds themselves know of their rows: how to draw one, and what of it is to be heard. */
export class RowKinds {
  readonly #store: ArtifactStore;
  readonly #pipeline: () => Pipeline | undefined;
  readonly #plan: () => PlanView;

  constructor(store: ArtifactStore, pipeline: () => Pipeline | undefined, plan: () => PlanView) {
    this.#store = store;
    this.#pipeline = pipeline;
    this.#plan = plan;
  }

  draws({ stage, kind }: CacheEntry, file: string): Promise<boolean> {
    const instance = this.#instance(stage);
    return Promise.resolve(
      file === rowsFile &&
        instance?.uses.type === 'kind' &&
        instance.uses.name === kind &&
        this.#has(kind, 'picture.ts'),
    );
  }

  /** The row as its kind draws it; undefined where the kind draws none. */
  async draw(entry: CacheEntry, file: string, position: number): Promise<Picture | undefined> {
    if (!(await this.draws(entry, file))) return undefined;
    const draw = (await this.#store.workspace.kinds.module(`stages/${entry.kind}/picture.ts`)) as DrawRow;
    const source = await this.#read(entry, position);
    const { uses } = this.#instance(entry.stage)!;
    const input = await this.#inputRow(entry, source.row.id, position);
    return draw({ ...source, params: uses.params, ...(input !== undefined && { input }) });
  }

  /** Where a row is to be heard: in itself, or in the row of the same id upstream that it was made from. */
  async soundOf(
    entry: CacheEntry,
    file: string,
    id: string,
    position: number,
  ): Promise<SoundPlace | undefined> {
    let at: { entry: CacheEntry; position: number } | undefined = { entry, position };
    if (file !== rowsFile) return undefined;
    while (at !== undefined) {
      const { stage, key, kind } = at.entry;
      if (this.#has(kind, 'sound.ts')) return { stage, key, file, position: at.position };
      at = await this.#inputOf(at.entry, id, at.position);
    }
    return undefined;
  }

  /** The sound in a row of a kind that has one. */
  async sound(entry: CacheEntry, position: number): Promise<Sound | undefined> {
    if (!this.#has(entry.kind, 'sound.ts')) return undefined;
    const soundOf = (await this.#store.workspace.kinds.module(`stages/${entry.kind}/sound.ts`)) as SoundOfRow;
    return soundOf(await this.#read(entry, position));
  }

  #has(kind: string, module: string): boolean {
    return existsSync(join(this.#store.workspace.folder, 'stages', kind, module));
  }

  #read(entry: CacheEntry, position: number): Promise<ReadRow> {
    return this.#store.withTable(entry, rowsFile, async (table) => {
      const [{ row }] = await table.readRows([position]);
      return { row, columns: table.columns };
    });
  }

  async #inputRow(entry: CacheEntry, id: string, position: number): Promise<ReadRow | undefined> {
    const input = await this.#inputOf(entry, id, position);
    return input === undefined ? undefined : this.#read(input.entry, input.position);
  }

  /** The row that a row was made from, where its stage is a row stage and the row is still there. */
  async #inputOf(
    { stage, kind }: CacheEntry,
    id: string,
    near: number,
  ): Promise<{ entry: CacheEntry; position: number } | undefined> {
    const uses = this.#instance(stage)?.uses;
    if (uses?.type !== 'kind' || uses.name !== kind || uses.kind.type !== 'row') return undefined;
    const source = this.#instance(stage)!.inputs[uses.kind.input]?.[0];
    const plan = this.#plan();
    const key = plan.type === 'ready' ? plan.stages.find(({ name }) => name === source)?.artifact : undefined;
    if (key === undefined) return undefined;
    const entry = this.#store.entry(key);
    if (!entry.manifest.files.some(({ name }) => name === rowsFile)) return undefined;
    const position = await this.#store.withTable(entry, rowsFile, async (table) => {
      // Row stages keep the order of rows: mostly it is at the same place.
      if (near < table.count && (await table.readRows([near], []))[0].row.id === id) return near;
      return (await table.digests()).ids.indexOf(id);
    });
    return position < 0 ? undefined : { entry, position };
  }

  #instance(stage: string): StageInstance | undefined {
    return this.#pipeline()?.instances.find(({ name }) => name === stage);
  }
}
