/**
 * Seconds an epoch of the study's three networks beside Keras: same rows, batch, epochs and threads, validation and
 * callbacks included. Rounds alternate between the sides; the first epoch of each, which builds the graph, is left
 * out, and the median of the others counts, beside the fastest. Processor seconds tell what other load on the machine
 * does to the wall time. At last all three are trained at once, beside Keras's three one after the other.
 *
 *     python3 -m venv /tmp/keras && /tmp/keras/bin/pip install tensorflow-cpu==2.18.1 keras==3.8.0
 *     node bench/train/run.mjs --python /tmp/keras/bin/python [--networks lstm,cnn] [--epochs N] [--rounds N]
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { build } from 'esbuild';

/** @typedef {{wall: number, processor: number}} Epoch */
/** @typedef {'keras' | 'pipeline'} Side */

const [TRAINING_ROWS, VALIDATION_ROWS, DIMENSION] = [1152, 288, 160];

const here = path.dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    networks: { type: 'string', default: 'lstm,cnn,cnn-lstm' },
    epochs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '2' },
    threads: { type: 'string', default: String(os.availableParallelism()) },
    together: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const networks = values.networks.split(',');

const scratch = mkdtempSync(path.join(path.dirname(path.dirname(here)), 'node_modules', '.bench-train-'));
try {
  const bundle = path.join(scratch, 'pipeline-side.mjs');
  await build({
    entryPoints: [path.join(here, 'pipeline-side.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const data = path.join(scratch, 'rows.bin');
  writeFileSync(data, syntheticRows());

  const sides = {
    keras: [values.python, path.join(here, 'keras_side.py')],
    pipeline: [process.execPath, bundle],
  };
  /** @type {(side: Side, network: string) => Promise<{parameters: number, epochs: Epoch[], seconds: number}>} */
  const train = async (side, network) => {
    const [command, program] = sides[side];
    const sizes = [TRAINING_ROWS, VALIDATION_ROWS, values.epochs, values.threads].map(String);
    const began = performance.now();
    const { stdout } = await promisify(execFile)(command, [program, network, data, ...sizes]);
    return { ...JSON.parse(stdout), seconds: (performance.now() - began) / 1000 };
  };

  console.log(
    `${os.cpus()[0].model}, ${values.threads} threads, Node ${process.version}, load ${os.loadavg()[0]}`,
  );
  console.log('seconds an epoch: median (fastest) of wall time; median of processor time');
  console.log('network    parameters             Keras          pipeline   ratio  (fastest)  processor');
  let kerasTotal = 0;
  for (const network of networks) {
    /** @type {Record<Side, Epoch[]>} */
    const epochs = { keras: [], pipeline: [] };
    let [parameters, kerasSeconds] = [0, Infinity];
    for (let round = 0; round < Number(values.rounds); round++) {
      for (const side of /** @type {Side[]} */ (['keras', 'pipeline'])) {
        const result = await train(side, network);
        epochs[side].push(...result.epochs.slice(1));
        if (round > 0 && parameters !== result.parameters && side === 'pipeline')
          throw new Error('other networks');
        parameters = result.parameters;
        if (side === 'keras') kerasSeconds = Math.min(kerasSeconds, result.seconds);
      }
    }
    kerasTotal += kerasSeconds;
    const [keras, pipeline] = [summary(epochs.keras), summary(epochs.pipeline)];
    console.log(
      [
        network.padEnd(10),
        String(parameters).padStart(10),
        `${keras.median.toFixed(2)} (${keras.fastest.toFixed(2)}) ${keras.processor.toFixed(2)}`.padStart(19),
        `${pipeline.median.toFixed(2)} (${pipeline.fastest.toFixed(2)}) ${pipeline.processor.toFixed(2)}`.padStart(
          18,
        ),
        (pipeline.median / keras.median).toFixed(2).padStart(6),
        (pipeline.fastest / keras.fastest).toFixed(2).padStart(9),
        (pipeline.processor / keras.processor).toFixed(2).padStart(10),
      ].join(' '),
    );
  }
  if (values.together) {
    const began = performance.now();
    await Promise.all(networks.map((network) => train('pipeline', network)));
    const together = (performance.now() - began) / 1000;
    console.log(
      `all at once, whole processes of ${values.epochs} epochs: ${together.toFixed(1)} s; ` +
        `Keras, one after the other: ${kerasTotal.toFixed(1)} s; ratio ${(together / kerasTotal).toFixed(2)}`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}

/**
 * @param {Epoch[]} epochs
 * @returns {{median: number, fastest: number, processor: number}}
 */
function summary(epochs) {
  /** @type {(values: number[]) => number} */
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return {
    median: median(epochs.map(({ wall }) => wall)),
    fastest: Math.min(...epochs.map(({ wall }) => wall)),
    processor: median(epochs.map(({ processor }) => processor)),
  };
}

/** Noise in which the label shows: float32 rows, then int32 labels. */
function syntheticRows() {
  const rows = TRAINING_ROWS + VALIDATION_ROWS;
  const inputs = new Float32Array(rows * DIMENSION);
  const labels = Int32Array.from({ length: rows }, (_, row) => (row * 5) % 8);
  let state = 1;
  for (let i = 0; i < inputs.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const label = labels[Math.floor(i / DIMENSION)];
    inputs[i] = (state / 2 ** 32 - 0.5) * 3 + ((i % DIMENSION) % 8 === label ? 1 : 0);
  }
  return Buffer.concat([Buffer.from(inputs.buffer), Buffer.from(labels.buffer)]);
}
