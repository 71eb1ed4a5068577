/**
 * The memory of a run over many files beside that over few: the greatest resident size of the runner and of each
 * stage's process, as Linux counts it (VmHWM), and the ratio of the last to the first. The stages are ingest, preprocess and features/mfcc, on
 * generated clips of 0.25 s, so that what grows with the number of rows shows rather than the rows themselves.
 *
 *     node bench/memory/run.mjs [--files 1000,20000 | --full] [--folder DIR]
 *
 * `--full` takes 1,000, 10,000 and 100,000 files.
 */
import { spawn } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeCorpus } from './corpus.mjs';

const home = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const samplingMilliseconds = 50;

const pipeline = `stages:
  ingest: { uses: ingest, with: { root: data, names: table } }
  audio: { uses: preprocess, in: { clips: ingest }, with: { sampleRate: 8000 } }
  mfcc: { uses: features/mfcc, in: { clips: audio }, with: { nFft: 256, hopLength: 64 } }
`;

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000,20000' },
    full: { type: 'boolean', default: false },
    folder: { type: 'string', default: os.tmpdir() },
  },
});

const counts = values.full ? [1000, 10_000, 100_000] : values.files.split(',').map(Number);
const measurements = [];
for (const count of counts) measurements.push(await measure(count));
print(measurements);

/**
 * @typedef {object} Measurement
 * @property {number} files
 * @property {number} seconds
 * @property {Map<string, number>} peaks in MB, by process
 */

/**
 * @param {number} files
 * @returns {Promise<Measurement>}
 */
async function measure(files) {
  const workspace = mkdtempSync(path.join(values.folder, 'pipeline-memory-'));
  try {
    mkdirSync(path.join(workspace, 'data'));
    writeCorpus(path.join(workspace, 'data'), files);
    writeFileSync(path.join(workspace, 'pipeline.yaml'), pipeline);
    for (const name of ['stages', 'node_modules', 'package-lock.json']) {
      symlinkSync(path.join(home, name), path.join(workspace, name));
    }
    const start = performance.now();
    const peaks = await run(workspace, files);
    return { files, seconds: (performance.now() - start) / 1000, peaks };
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

/**
 * Runs the pipeline, one stage at a time, and looks at its processes meanwhile.
 *
 * @param {string} workspace
 * @param {number} files
 */
async function run(workspace, files) {
  /** @type {Map<string, number>} */
  const peaks = new Map();
  let stage = '';
  const args = [path.join(home, 'scripts', 'launch.mjs'), 'run', '--jobs', '1', '--json'];
  const runner = spawn(process.execPath, args, { cwd: workspace, stdio: ['ignore', 'pipe', 'inherit'] });
  const sampling = setInterval(() => {
    for (const { pid, parent, peak } of processes()) {
      // Before the first stage there is only what bundles the kinds.
      const isStage = parent === runner.pid && stage !== '';
      const name = pid === runner.pid ? 'runner' : isStage ? `stage ${stage}` : undefined;
      if (name !== undefined) peaks.set(name, Math.max(peaks.get(name) ?? 0, peak));
    }
  }, samplingMilliseconds);
  const ended = new Promise((resolve) => runner.once('close', resolve));
  try {
    for await (const line of createInterface({ input: runner.stdout })) {
      const event = JSON.parse(line);
      if (event.type === 'stage-started') stage = event.stage;
      if (event.type === 'stage-failed') throw new Error(line);
      if (event.type === 'stage-finished' && event.rows?.computed !== files) {
        throw new Error(`${event.stage} computed ${event.rows?.computed} of ${files} rows`);
      }
    }
    const code = await ended;
    if (code !== 0) throw new Error(`the run ended with code ${code}`);
    return peaks;
  } finally {
    clearInterval(sampling);
    runner.kill('SIGINT');
    await ended;
  }
}

/** Every process with its parent and its greatest resident size so far, in MB. */
function* processes() {
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    let status;
    try {
      status = readFileSync(`/proc/${entry}/status`, 'utf8');
    } catch {
      // It has ended meanwhile.
      continue;
    }
    /** @param {string} name */
    const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    yield { pid: Number(entry), parent: field('PPid'), peak: field('VmHWM') / 1024 };
  }
}

/** @param {readonly Measurement[]} measurements */
function print(measurements) {
  const heads = measurements.map(({ files }) => `${files.toLocaleString('en-US')} files`);
  const line = (/** @type {string} */ name, /** @type {string[]} */ cells, last = '') => {
    console.log([name.padEnd(16), ...cells.map((cell) => cell.padStart(15)), last.padStart(8)].join(''));
  };
  line('process', heads, 'ratio');
  for (const name of measurements[0].peaks.keys()) {
    const sizes = measurements.map(({ peaks }) => peaks.get(name) ?? Number.NaN);
    const ratio = sizes[sizes.length - 1] / sizes[0];
    line(
      name,
      sizes.map((size) => `${size.toFixed(0)} MB`),
      ratio.toFixed(2),
    );
  }
  line(
    'wall',
    measurements.map(({ seconds }) => `${seconds.toFixed(1)} s`),
  );
}
