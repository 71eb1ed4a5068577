import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { StageFailure, type Columns, type Output, type TableWriter } from '../kind/index.ts';
import { formatJson } from './json.ts';
import { createTableWriter, type ArrowTableWriter } from './table-writer.ts';

export interface OutputOptions {
  /** Metadata of every table's schema. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ArtifactOutput extends Output {
  /**
   * Ends the output; `contents` has the digest of each table's rows by file name.
   *
   * @throws StageFailure where the stage left a table open, whose rows would be lost.
   */
  close(): Promise<{
    readonly measurements: Readonly<Record<string, number>>;
    readonly contents: Readonly<Record<string, string>>;
  }>;
}

/** The folder that a stage writes its artifact to. The folder exists. */
export function createOutput(folder: string, options: OutputOptions): ArtifactOutput {
  return new FolderOutput(folder, options);
}

class FolderOutput implements ArtifactOutput {
  readonly #folder: string;
  readonly #metadata: Readonly<Record<string, string>>;
  readonly #measurements = new Map<string, number>();
  readonly #tables = new Map<string, { writer: ArrowTableWriter | undefined; closed: boolean }>();

  constructor(folder: string, { metadata }: OutputOptions) {
    this.#folder = resolve(folder);
    this.#metadata = metadata;
  }

  path(file: string): string {
    const path = join(this.#folder, file);
    const inside = relative(this.#folder, path);
    if (inside === '' || isAbsolute(file) || inside === '..' || inside.startsWith(`..${sep}`)) {
      throw new StageFailure('the file would not lie in the artifact', {
        place: file,
        hint: "name files relative to the artifact's folder, without going above it",
      });
    }
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  async json(file: string, value: unknown): Promise<void> {
    await writeFile(this.path(file), formatJson(file, value));
  }

  async table(name: string, columns: Columns): Promise<TableWriter> {
    if (this.#tables.has(name)) throw new StageFailure('the table is written a second time', { place: name });
    const table: { writer: ArrowTableWriter | undefined; closed: boolean } = {
      writer: undefined,
      closed: false,
    };
    this.#tables.set(name, table);
    const writer = await createTableWriter(this.path(`${name}.arrow`), columns, { metadata: this.#metadata });
    table.writer = writer;
    return {
      write: (id, cells, digest) => writer.write(id, cells, digest),
      close: async () => {
        await writer.close();
        table.closed = true;
      },
    };
  }

  measure(name: string, value: number): void {
    if (!Number.isFinite(value)) {
      throw new StageFailure(`the measurement is ${String(value)}`, {
        place: name,
        hint: 'measure finite numbers',
      });
    }
    this.#measurements.set(name, value);
  }

  async close(): Promise<{
    measurements: Readonly<Record<string, number>>;
    contents: Readonly<Record<string, string>>;
  }> {
    const open = [...this.#tables].filter(([, table]) => !table.closed);
    for (const [, table] of open) await table.writer?.abort();
    if (open.length > 0) {
      const names = open.map(([name]) => name).join(', ');
      throw new StageFailure('the stage ended without closing the table', {
        place: names,
        hint: 'await `close()` of every table: until then rows are missing in the file',
      });
    }
    const contents = [...this.#tables].map(([name, { writer }]) => [`${name}.arrow`, writer!.contents()]);
    return {
      measurements: Object.fromEntries(this.#measurements),
      contents: Object.fromEntries(contents) as Record<string, string>,
    };
  }
}
