import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Preprocessor } from '../../stages/audio/preprocessor.ts';
import { Pyin } from '../../stages/audio/pyin/pyin.ts';
import { decodeWav } from '../../stages/audio/wav/decode.ts';
import { acousticParams } from '../../stages/features/acoustic/params.ts';

interface Measured {
  /** For a file. */
  readonly milliseconds: number;
  /** Frames of all files that are voiced: both sides did the same. */
  readonly voiced: number;
}

const ROUNDS = 3;
const FILES = 24;
/** Left to itself, BLAS starts a thread for each core. */
const ONE_THREAD = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', NUMBA_NUM_THREADS: '1' };

const [python = 'python3', folder = '../shared/ravdess-mini'] = process.argv.slice(2);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-pitch-'));
try {
  console.log(`${os.cpus()[0].model}, Node ${process.version}, ms a file, one thread`);
  for (const rate of [16_000, 48_000]) {
    const clips = preprocessed(rate);
    const files = clips.map((clip, index) => {
      const file = path.join(scratch, `${rate}-${index}.f32`);
      writeFileSync(file, clip);
      return file;
    });
    let ours = measure(rate, clips);
    let theirs = measureLibrosa(rate, files);
    for (let round = 1; round < ROUNDS; round++) {
      ours = better(ours, measure(rate, clips));
      theirs = better(theirs, measureLibrosa(rate, files));
    }
    const ratio = theirs.milliseconds / ours.milliseconds;
    console.log(
      `${rate} Hz: librosa ${theirs.milliseconds.toFixed(1)}, pipeline ${ours.milliseconds.toFixed(1)}, ` +
        `${ratio.toFixed(1)}x; voiced frames ${theirs.voiced} and ${ours.voiced}`,
    );
  }
} finally {
  rmSync(scratch, { recursive: true });
}

function preprocessed(rate: number): Float32Array[] {
  const preprocessor = new Preprocessor({ sampleRate: rate, trimDb: 20, normalize: 'peak' });
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .slice(0, FILES)
    .map(
      (name) => preprocessor.process(decodeWav(readFileSync(path.join(folder, name)), name), name).samples,
    );
}

function measure(rate: number, clips: readonly Float32Array[]): Measured {
  const { pyin, pitchMin, pitchMax, nFft, hopLength } = acousticParams.parse({});
  const start = performance.now();
  const tracker = new Pyin(pyin, { lowest: pitchMin, highest: pitchMax }, { nFft, hopLength }, rate, 'clip');
  let voiced = 0;
  for (const clip of clips) voiced += tracker.track(clip, 'clip').voiced.reduce((sum, flag) => sum + flag, 0);
  return { milliseconds: (performance.now() - start) / clips.length, voiced };
}

function measureLibrosa(rate: number, files: readonly string[]): Measured {
  const program = path.resolve('bench/pitch/librosa_side.py');
  const env = { ...process.env, ...ONE_THREAD };
  return JSON.parse(
    execFileSync(python, [program, String(rate), ...files], { env, encoding: 'utf8' }),
  ) as Measured;
}

function better(one: Measured, other: Measured): Measured {
  return other.milliseconds < one.milliseconds ? other : one;
}
