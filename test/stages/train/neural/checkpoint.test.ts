import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  readCheckpoint,
  writeCheckpoint,
  type Checkpoint,
} from '../../../../stages/train/neural/checkpoint.ts';

const checkpoint: Checkpoint = {
  progress: {
    history: [
      {
        epoch: 1,
        loss: 0.1 + 0.2,
        accuracy: 1 / 3,
        validationLoss: 0.25,
        validationAccuracy: 0,
        learningRate: Math.fround(1e-3),
      },
    ],
    step: 32,
    stopping: { best: 0.25, bestEpoch: 1, wait: 0, stopped: false },
    plateau: { best: 0.25, wait: 0, learningRate: Math.fround(1e-3) },
    seconds: 1.5,
  },
  state: new Map([
    ['dense/kernel', Float32Array.of(1, -0, 3e-42)],
    ['dense/kernel/m', Float32Array.of(0.1)],
  ]),
  best: new Map([['dense/kernel', Float32Array.of(4, 5, 6)]]),
};

describe('a checkpoint', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'checkpoint-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('comes back bit by bit, each fold’s its own', async () => {
    await writeCheckpoint(folder, 'fold0', { ...checkpoint, best: new Map() });
    await writeCheckpoint(folder, 'fold1', checkpoint);
    expect(await readCheckpoint(folder, 'fold1')).toEqual(checkpoint);
    expect((await readCheckpoint(folder, 'fold0'))?.best.size).toBe(0);
  });

  it('is absent before the first epoch', async () => {
    expect(await readCheckpoint(folder, 'fold0')).toBeUndefined();
  });

  it('replaces the one before it and leaves no other file', async () => {
    await writeCheckpoint(folder, 'fold0', { ...checkpoint, state: new Map() });
    await writeCheckpoint(folder, 'fold0', checkpoint);
    expect(await readCheckpoint(folder, 'fold0')).toEqual(checkpoint);
    expect(readdirSync(folder)).toHaveLength(1);
  });
});
