import { digestOfCells, openTable } from '../../../artifact/index.ts';
import type { CacheEntry } from '../../../cache/entry.ts';
import { rowsOfIndex } from '../../row-index.ts';
import type { Workspace } from '../../../workspace.ts';
import type { OpenStage } from './open-stage.ts';

/** The artifact that a row stage takes its rows from. */
export function rowsFrom({ resolved: { instance }, inputs }: OpenStage): {
  readonly input: string;
  readonly stage: string;
  readonly entry: CacheEntry;
} {
  const { uses } = instance;
  if (uses.type !== 'kind' || uses.kind.type !== 'row') throw new Error(`${instance.name} is no row stage`);
  const { input } = uses.kind;
  return { input, stage: instance.inputs[input][0], entry: inputs[input][0] };
}

/** Digests of the rows that a row stage takes in, in their order. */
export async function inputDigests(workspace: Workspace, entry: CacheEntry): Promise<string[]> {
  if (entry.rows !== undefined) {
    return Array.from(rowsOfIndex(workspace.cache.path(entry.rows.index)), ({ content }) => content);
  }
  const file = entry.manifest.files.find(({ name }) => name === 'table.arrow');
  if (file === undefined) throw new Error(`${entry.stage} has no table.arrow`);
  const table = await openTable(workspace.cache.path(file.sha256));
  const digests: string[] = [];
  for await (const { row } of table.rows()) digests.push(digestOfCells(row.id, table.columns, row.cells));
  await table.close();
  return digests;
}
