/**
 * What the runner itself costs: runs in which nothing changed, one file of many, a wide DAG planned, memory by rows;
 * and the same work in DVC and Snakemake, by turns in the same run. Wall seconds, the least of several rounds, so that
 * other load on the machine counts as little as it can.
 *
 *     python3 -m venv /tmp/dvc && /tmp/dvc/bin/pip install dvc
 *     python3 -m venv /tmp/snakemake && /tmp/snakemake/bin/pip install snakemake
 *     node bench/runner/run.mjs [--dvc /tmp/dvc/bin/dvc] [--snakemake /tmp/snakemake/bin/snakemake]
 *                               [--parts files,many,dag,memory] [--rounds N]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { pipeline, seconds, writeDag, writeFiles, writeProject } from './projects.mjs';
import { dvcSide, snakemakeSide } from './rivals.mjs';

const { values } = parseArgs({
  options: {
    dvc: { type: 'string' },
    snakemake: { type: 'string' },
    parts: { type: 'string', default: 'files,many,dag,memory' },
    rounds: { type: 'string', default: '5' },
  },
});
const rounds = Number(values.rounds);
const parts = new Set(values.parts.split(','));
const FILES = 1440;
const MANY_FILES = 100_000;
const STAGES = 1000;

const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-runner-'));
try {
  const node = least(() => seconds(process.execPath, ['-e', '0'], scratch));
  console.log(`Node's own start: ${node.toFixed(3)} s (taken off where a line says so)`);
  if (parts.has('files')) beside(node, 0);
  // A file that takes no time is the rivals' best case: they run a stage again on all of its files.
  if (parts.has('files')) beside(node, 5);
  if (parts.has('many')) many(node);
  if (parts.has('dag')) dag(node);
  if (parts.has('memory')) await memory();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/** @param {() => number} measure */
function least(measure) {
  return Math.min(...Array.from({ length: rounds }, measure));
}

/**
 * 1,440 small files, each transformed, then joined.
 * @param {number} node
 * @param {number} milliseconds that the transformation of a file takes
 */
function beside(node, milliseconds) {
  const ours = path.join(scratch, `files-${milliseconds}`);
  writeProject(ours, milliseconds);
  writeFiles(path.join(ours, 'data'), FILES);
  const sides = [
    {
      name: 'pipeline',
      folder: ours,
      run: () => pipeline(ours, 'run', '--quiet'),
    },
    ...(values.dvc === undefined ? [] : [dvcSide(scratch, values.dvc, FILES, milliseconds)]),
    ...(values.snakemake === undefined
      ? []
      : [snakemakeSide(scratch, values.snakemake, FILES, milliseconds)]),
  ];
  console.log(`${FILES} files, each ${milliseconds} ms of work:`);
  for (const { name, run } of sides) console.log(`${name}: first run ${run().toFixed(2)} s`);
  /** @type {Map<string, { nothing: number, one: number }>} */
  const best = new Map(sides.map(({ name }) => [name, { nothing: Infinity, one: Infinity }]));
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, folder, run } of sides) {
      const figures = /** @type {{ nothing: number, one: number }} */ (best.get(name));
      figures.nothing = Math.min(figures.nothing, run());
      writeFileSync(path.join(folder, 'data', '700.txt'), `changed in round ${round}\n`);
      figures.one = Math.min(figures.one, run());
    }
  }
  const own = /** @type {{ nothing: number, one: number }} */ (best.get('pipeline'));
  for (const [name, { nothing, one }] of best) {
    const ratios =
      name === 'pipeline'
        ? `${(nothing - node).toFixed(3)} s without Node's start (target 0.4)`
        : `${(nothing / own.nothing).toFixed(1)} and ${(one / own.one).toFixed(1)} times the pipeline's`;
    console.log(
      `${name}: nothing changed ${nothing.toFixed(3)} s, one file changed ${one.toFixed(3)} s: ${ratios}`,
    );
  }
}

/** @param {number} node */
function many(node) {
  const folder = path.join(scratch, 'many');
  writeProject(folder);
  writeFiles(path.join(folder, 'data'), MANY_FILES);
  console.log(`first run over ${MANY_FILES} files: ${pipeline(folder, 'run', '--quiet').toFixed(1)} s`);
  const nothing = least(() => pipeline(folder, 'run', '--quiet')) - node;
  console.log(
    `nothing changed among ${MANY_FILES} files: ${nothing.toFixed(2)} s without Node's start (target 5)`,
  );
}

/** @param {number} node */
function dag(node) {
  const folder = path.join(scratch, 'dag');
  writeProject(folder);
  writeDag(folder, STAGES);
  const planned = least(() => pipeline(folder, 'status')) - node;
  console.log(`status of ${STAGES} stages: ${planned.toFixed(3)} s without Node's start (target 0.5)`);
}

/** The most that the runner, and the stage's process beside it, hold at a time, by the number of rows. */
async function memory() {
  for (const rows of [10_000, 100_000]) {
    const folder = path.join(scratch, `memory-${rows}`);
    writeProject(folder);
    writeFiles(path.join(folder, 'data'), rows);
    const first = await peak(folder);
    const again = await peak(folder);
    console.log(
      `${rows} rows: at most ${first.runner} MB in the runner, ${first.stage} MB in a stage; ` +
        `${again.runner} MB where nothing changed`,
    );
    rmSync(folder, { recursive: true });
  }
}

/** @param {string} folder */
async function peak(folder) {
  const child = spawn(path.resolve('pipeline'), ['run', '--quiet'], { cwd: folder, stdio: 'ignore' });
  const most = { runner: 0, stage: 0 };
  const timer = setInterval(() => {
    most.runner = Math.max(most.runner, megabytes(String(child.pid)));
    for (const pid of childrenOf(String(child.pid))) most.stage = Math.max(most.stage, megabytes(pid));
  }, 20);
  await once(child, 'exit');
  clearInterval(timer);
  return most;
}

/** @param {string} pid */
function megabytes(pid) {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** @param {string} pid */
function childrenOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean),
    );
  } catch {
    return [];
  }
}
