import { statSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createTableWriter, recoverTable } from '../../../artifact/index.ts';
import { readRowIndex, type IndexedRow } from '../../row-index.ts';
import type { Segments } from '../segments.ts';

const pollMilliseconds = 50;
/** Finished rows are sent once there are so many … */
const rowsAtOnce = 16;
/** … or once the last sending is so long ago, so that a kill costs no more than a batch, however slow its rows. */
const longestMilliseconds = 1000;
/** A store that takes longer for so little does not work. */
const sendMilliseconds = 60_000;

/** What a stage's process is writing: its table grows batch by batch, and the index says which rows are whole. */
export interface GrowingTable {
  readonly table: string;
  readonly index: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Sends the rows of a shard to the shared cache while its process computes them, so that whatever happens to this
 * machine leaves them to others.
 */
export class RowForwarder {
  readonly #growing: GrowingTable;
  readonly #segments: Segments;
  readonly #part: string;
  readonly #folder: string;
  #sent = 0;
  #segmentsSent = 0;
  #size = 0;

  /** `folder` is where segments are written on their way. */
  constructor(growing: GrowingTable, segments: Segments, part: string, folder: string) {
    this.#growing = growing;
    this.#segments = segments;
    this.#part = part;
    this.#folder = folder;
  }

  /** Rows sent. */
  get sent(): number {
    return this.#sent;
  }

  /**
   * Sends what is there while `ended` has not settled, also where the process was told to stop; rejects where it cannot
   * be sent.
   */
  async follow(ended: Promise<unknown>): Promise<void> {
    let over = false;
    const end = ended.then(
      () => (over = true),
      () => (over = true),
    );
    let last = performance.now();
    while (!over) {
      await Promise.race([end, wait(pollMilliseconds)]);
      if (over || !this.#grown()) continue;
      const fresh = this.#fresh();
      const due = fresh.length >= rowsAtOnce || performance.now() - last >= longestMilliseconds;
      if (fresh.length === 0 || !due) continue;
      await this.#send(fresh);
      last = performance.now();
    }
  }

  /** Sends what is left once the process has ended. */
  async finish(): Promise<void> {
    const fresh = this.#fresh();
    if (fresh.length > 0) await this.#send(fresh);
  }

  #grown(): boolean {
    const size = statSync(this.#growing.index, { throwIfNoEntry: false })?.size ?? 0;
    // Rows that were too few to be sent are looked at again.
    return size > 0 && (size !== this.#size || this.#pending);
  }

  #pending = false;

  #fresh(): IndexedRow[] {
    this.#size = statSync(this.#growing.index, { throwIfNoEntry: false })?.size ?? 0;
    const fresh = this.#size === 0 ? [] : readRowIndex(this.#growing.index).slice(this.#sent);
    this.#pending = fresh.length > 0;
    return fresh;
  }

  async #send(fresh: readonly IndexedRow[]): Promise<void> {
    const source = await recoverTable(this.#growing.table);
    try {
      const rows = fresh.slice(0, Math.max(0, source.count - this.#sent));
      if (rows.length === 0) return;
      await mkdir(this.#folder, { recursive: true });
      const path = join(this.#folder, `segment-${this.#segmentsSent++}.arrow`);
      const writer = await createTableWriter(path, source.columns, { metadata: this.#growing.metadata });
      const places = rows.map((_row, at) => this.#sent + at);
      for (const [at, { row }] of (await source.readRows(places)).entries()) {
        const { id, input, content } = rows[at];
        if (row.id !== id) throw new Error(`the table has ${row.id} where its index has ${id}`);
        await writer.write(id, row.cells, input, content);
      }
      await writer.close();
      await this.#segments.put(this.#part, { table: path, rows }, AbortSignal.timeout(sendMilliseconds));
      await rm(path);
      this.#sent += rows.length;
    } finally {
      await source.close();
    }
  }
}
