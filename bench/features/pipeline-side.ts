/**
 * The study's vectors by the stages' own code, timed: files/s as one JSON line. Arguments as for librosa_side.py.
 * Run by run.mjs, which bundles it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { Field, FixedSizeList, Float32, Table, makeData, makeVector, tableToIPC } from 'apache-arrow';
import { Preprocessor } from '../../stages/audio/preprocessor.ts';
import { decodeWav } from '../../stages/audio/wav/decode.ts';
import { mfccParams } from '../../stages/features/mfcc/params.ts';
import { MfccVector } from '../../stages/features/mfcc/vector.ts';

interface Job {
  readonly rate: number;
  readonly coefficients: number;
  readonly files: readonly string[];
  /** The next file to be taken, in shared memory. */
  readonly next: Int32Array;
  /** One vector a file, in shared memory. */
  readonly vectors: Float32Array;
}

/** Takes files until none is left. */
function work({ rate, coefficients, files, next, vectors }: Job, limit: number): void {
  const preprocessor = new Preprocessor({ sampleRate: rate, trimDb: 20, normalize: 'peak' });
  const vector = new MfccVector(mfccParams.parse({ coefficients }), rate);
  const length = vectors.length / files.length;
  for (let index = Atomics.add(next, 0, 1); index < limit; index = Atomics.add(next, 0, 1)) {
    const clip = preprocessor.process(decodeWav(readFileSync(files[index]), files[index]), files[index]);
    vectors.set(vector.compute(clip.samples, files[index]).features, index * length);
  }
}

function writeArrow(vectors: Float32Array, length: number, path: string): void {
  const child = makeData({ type: new Float32(), data: vectors.slice() });
  const type = new FixedSizeList(length, new Field('item', new Float32(), false));
  const features = makeVector(makeData({ type, length: vectors.length / length, child }));
  writeFileSync(path, tableToIPC(new Table({ features }), 'file'));
}

function once(worker: Worker): Promise<unknown> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

async function main(): Promise<void> {
  const [rate, coefficients, workerCount] = process.argv.slice(2, 5).map(Number);
  const [output, ...files] = process.argv.slice(5);
  const length = 3 * coefficients + 40;
  const job: Job = {
    rate,
    coefficients,
    files,
    next: new Int32Array(new SharedArrayBuffer(4)),
    vectors: new Float32Array(new SharedArrayBuffer(4 * length * files.length)),
  };
  const workers =
    workerCount === 1
      ? []
      : Array.from({ length: workerCount }, () => new Worker(process.argv[1], { workerData: job }));
  const round = async (limit: number): Promise<void> => {
    job.next[0] = 0;
    if (workers.length === 0) work(job, limit);
    const done = workers.map(once);
    for (const worker of workers) worker.postMessage(limit);
    await Promise.all(done);
  };
  // Compiles the code and starts the workers, outside the time.
  await round(Math.min(files.length, 32));
  const start = performance.now();
  await round(files.length);
  writeArrow(job.vectors, length, output);
  const seconds = (performance.now() - start) / 1000;
  for (const worker of workers) await worker.terminate();
  const first = Array.from(job.vectors.subarray(0, length));
  console.log(JSON.stringify({ filesPerSecond: files.length / seconds, first }));
}

if (isMainThread) {
  await main();
} else {
  parentPort?.on('message', (limit: number) => {
    work(workerData as Job, limit);
    parentPort?.postMessage('done');
  });
}
