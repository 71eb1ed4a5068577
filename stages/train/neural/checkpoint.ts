import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { WeightValues } from './network.ts';

const epochRecord = z.object({
  epoch: z.int(),
  loss: z.number(),
  accuracy: z.number(),
  validationLoss: z.number(),
  validationAccuracy: z.number(),
  learningRate: z.number(),
});

const progress = z.object({
  history: z.array(epochRecord),
  /** Steps of the optimizer so far. */
  step: z.int(),
  stopping: z.object({
    best: z.number().nullable(),
    bestEpoch: z.int(),
    wait: z.int(),
    stopped: z.boolean(),
  }),
  plateau: z.object({ best: z.number().nullable(), wait: z.int(), learningRate: z.number() }),
  seconds: z.number(),
});

/** Where a training is at the end of an epoch, without its weights. */
export type TrainingProgress = z.infer<typeof progress>;

export interface Checkpoint {
  readonly progress: TrainingProgress;
  /** Weights and moments of the optimizer. */
  readonly state: WeightValues;
  /** The weights of the best epoch. */
  readonly best: WeightValues;
}

const header = z.object({
  progress,
  state: z.array(z.tuple([z.string(), z.int()])),
  best: z.array(z.tuple([z.string(), z.int()])),
});

/** Writes the checkpoint of a fit, such as `fold0`, so that a kill at any moment leaves the one before it or this one. */
export async function writeCheckpoint(folder: string, name: string, checkpoint: Checkpoint): Promise<void> {
  const { progress, state, best } = checkpoint;
  const sizes = (values: WeightValues): [string, number][] =>
    [...values].map(([name, value]) => [name, value.length]);
  const text = Buffer.from(JSON.stringify({ progress, state: sizes(state), best: sizes(best) }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const arrays = [...state.values(), ...best.values()];
  const bodies = arrays.map((value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  const path = fileOf(folder, name);
  await writeFile(`${path}.new`, Buffer.concat([length, text, ...bodies]));
  await rename(`${path}.new`, path);
}

/** The last checkpoint of a fit; undefined where there is none. */
export async function readCheckpoint(folder: string, name: string): Promise<Checkpoint | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(fileOf(folder, name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const start = 4 + bytes.readUInt32LE(0);
  const { progress, state, best } = header.parse(JSON.parse(bytes.toString('utf8', 4, start)));
  // A copy at an aligned address.
  const values = new Float32Array(
    bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length),
  );
  let offset = 0;
  const take = (sizes: readonly [string, number][]): WeightValues =>
    new Map(sizes.map(([name, size]) => [name, values.subarray(offset, (offset += size))]));
  return { progress, state: take(state), best: take(best) };
}

function fileOf(folder: string, name: string): string {
  return join(folder, `${name}.checkpoint`);
}
