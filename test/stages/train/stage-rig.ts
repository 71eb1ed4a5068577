import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { createOutput, openInputArtifact } from '../../../runner/artifact/index.ts';
import type { Cell, Columns, InputArtifact, Output, StageContext } from '../../../runner/kind/index.ts';

export type RunFunction<Params> = (context: StageContext<Params>) => Promise<void>;

export interface StageRig {
  /** An artifact with one table, of rows `{id, …cells}`. */
  table(
    stage: string,
    columns: Columns,
    rows: readonly (Readonly<Record<string, Cell>> & { readonly id: string })[],
  ): Promise<InputArtifact>;
  /** Runs a stage on artifacts and gives what it made. */
  run<Params>(
    stage: string,
    run: RunFunction<Params>,
    params: Params,
    inputs: Readonly<Record<string, InputArtifact>>,
    threads?: number,
  ): Promise<InputArtifact>;
}

/** Runs stages on real artifacts in a folder of their own, without the runner. To be called in a `describe`. */
export function stageRig(): StageRig {
  let root = '';
  let made = 0;
  beforeAll(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'stage-rig-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const make = async (stage: string, write: (output: Output) => Promise<void>): Promise<InputArtifact> => {
    const folder = path.join(root, String(made++));
    await mkdir(folder);
    const output = createOutput(folder, { metadata: { stage } });
    await write(output);
    const { measurements } = await output.close();
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
    return openInputArtifact({
      stage,
      files: new Map(files.map((file) => [path.relative(folder, file), file])),
      measurements,
    });
  };

  return {
    table: (stage, columns, rows) =>
      make(stage, async (output) => {
        const writer = await output.table('table', columns);
        for (const { id, ...cells } of rows) await writer.write(id, cells);
        await writer.close();
      }),
    run: (stage, run, params, inputs, threads = 1) =>
      make(stage, (output) =>
        run({
          params,
          inputs: Object.fromEntries(Object.entries(inputs).map(([name, artifact]) => [name, [artifact]])),
          input: (name) => inputs[name],
          output,
          threads,
          checkpoints: path.join(root, 'checkpoints'),
          progress: () => undefined,
          warn: () => undefined,
          signal: new AbortController().signal,
        }),
      ),
  };
}
