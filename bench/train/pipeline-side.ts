/**
 * Trains one of the study's networks as the stages do, timed epoch by epoch: a JSON line. Arguments as for
 * keras_side.py. Run by run.mjs, which bundles it.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { cnnLstmNetwork } from '../../stages/train/cnn-lstm/network.ts';
import { cnnNetwork } from '../../stages/train/cnn/network.ts';
import { lstmNetwork } from '../../stages/train/lstm/network.ts';
import type { Examples } from '../../stages/train/neural/batches.ts';
import { writeCheckpoint } from '../../stages/train/neural/checkpoint.ts';
import { fit, lossOf } from '../../stages/train/neural/fit.ts';
import { countNetworkParameters, sequential } from '../../stages/train/neural/network.ts';
import { convolutionParams, trainingParams } from '../../stages/train/neural/params.ts';
import { Trainer } from '../../stages/train/neural/trainer.ts';

const dimension = 160;
const networks = { lstm: lstmNetwork, cnn: cnnNetwork, 'cnn-lstm': cnnLstmNetwork };
const [name, file, trainingRows, validationRows, epochs, threads] = process.argv.slice(2);
const params = z.strictObject({ ...trainingParams, ...convolutionParams }).parse({ epochs: Number(epochs) });

const rows = Number(trainingRows) + Number(validationRows);
const bytes = readFileSync(file);
const inputs = new Float32Array(bytes.buffer, bytes.byteOffset, rows * dimension);
const labels = new Int32Array(bytes.buffer, bytes.byteOffset + inputs.byteLength, rows);
const part = (from: number, to: number): Examples => ({
  rows: to - from,
  inputs: inputs.subarray(from * dimension, to * dimension),
  labels: labels.subarray(from, to),
});

const network = sequential([dimension, 1], networks[name as keyof typeof networks](8, params));
const trainer = await Trainer.open(network, { ...params, loss: lossOf(params), threads: Number(threads) });
const checkpoints = mkdtempSync(path.join(tmpdir(), 'bench-train-'));
const timed: { wall: number; processor: number }[] = [];
let began = { wall: performance.now(), processor: process.cpuUsage() };
await fit(
  network,
  trainer,
  { train: part(0, Number(trainingRows)), validation: part(Number(trainingRows), rows) },
  params,
  params.seed,
  {
    resume: undefined,
    checkpoint: (checkpoint) => writeCheckpoint(checkpoints, 'fold0', checkpoint),
    epoch() {
      const { user, system } = process.cpuUsage(began.processor);
      timed.push({ wall: (performance.now() - began.wall) / 1e3, processor: (user + system) / 1e6 });
      began = { wall: performance.now(), processor: process.cpuUsage() };
    },
    signal: new AbortController().signal,
    place: 'benchmark',
  },
);
rmSync(checkpoints, { recursive: true });
trainer.close();
console.log(JSON.stringify({ parameters: countNetworkParameters(network).total, epochs: timed }));
