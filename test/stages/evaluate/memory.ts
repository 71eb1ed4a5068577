import { mkdir, writeFile } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type {
  Cell,
  Column,
  Columns,
  InputArtifact,
  Output,
  Row,
  StageContext,
  Table,
} from '../../../runner/kind/index.ts';

/** A table held in memory, as a stage would receive it. */
export interface MemoryTable {
  readonly columns: Columns;
  readonly rows: readonly Row[];
}

/** An artifact held in memory: its JSON files and tables by name. */
export function memoryArtifact(
  stage: string,
  content: {
    readonly json?: Readonly<Record<string, unknown>>;
    readonly tables?: Readonly<Record<string, MemoryTable>>;
    readonly measurements?: Readonly<Record<string, number>>;
  },
): InputArtifact {
  const { json = {}, tables = {}, measurements = {} } = content;
  const tableNamed = (name: string): MemoryTable => {
    if (!Object.hasOwn(tables, name)) throw new Error(`${stage} has no table ${name}`);
    return tables[name];
  };
  return {
    stage,
    files: [...Object.keys(json), ...Object.keys(tables).map((name) => `${name}.arrow`)].toSorted(),
    measurements,
    path: (file) => `/nowhere/${file}`,
    json: (file) => Promise.resolve(structuredClone(json[file])),
    table: (name = 'table') => Promise.resolve(tableOf(tableNamed(name))),
    columns: (name = 'table') => Promise.resolve(tableNamed(name).columns),
    async *rows(name = 'table') {
      await Promise.resolve();
      yield* tableNamed(name).rows;
    },
  };
}

/** A context whose output lands in `folder`. */
export function memoryContext<Params>(
  params: Params,
  inputs: Readonly<Record<string, readonly InputArtifact[]>>,
  folder: string,
): StageContext<Params> {
  const output: Output = {
    path(file) {
      const target = path.join(folder, file);
      mkdirSync(path.dirname(target), { recursive: true });
      return target;
    },
    async json(file, value) {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, file), JSON.stringify(value, null, 2));
    },
    table: () => Promise.reject(new Error('no table is expected')),
    measure: () => undefined,
  };
  return {
    params,
    inputs,
    input: (name) => inputs[name][0],
    output,
    threads: 1,
    checkpoints: path.join(folder, '.checkpoints'),
    progress: () => undefined,
    warn: () => undefined,
    signal: new AbortController().signal,
  };
}

function tableOf({ columns, rows }: MemoryTable): Table {
  const cells = (column: string): Cell[] => {
    if (!Object.hasOwn(columns, column)) throw new Error(`no column ${column}`);
    return rows.map((row) => row.cells[column]);
  };
  const shapeOf = (column: Column): readonly number[] => ('shape' in column ? column.shape : []);
  const joined = (column: string): Float32Array => {
    const parts = cells(column) as Float32Array[];
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let offset = 0;
    for (const part of parts) {
      all.set(part, offset);
      offset += part.length;
    }
    return all;
  };
  return {
    count: rows.length,
    columns,
    ids: rows.map((row) => row.id),
    text: (column) => cells(column) as string[],
    numbers: (column) => Float64Array.from(cells(column) as number[]),
    booleans: (column) => cells(column) as boolean[],
    tensor: (column) => ({ shape: shapeOf(columns[column]), data: joined(column) }),
    sequence(column) {
      const steps = shapeOf(columns[column]).reduce((product, size) => product * size, 1);
      const offsets = new Int32Array(rows.length + 1);
      for (const [index, part] of (cells(column) as Float32Array[]).entries()) {
        offsets[index + 1] = offsets[index] + part.length / steps;
      }
      return { shape: shapeOf(columns[column]), offsets, data: joined(column) };
    },
  };
}
