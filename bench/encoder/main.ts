import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Row, RowFunction } from '../../runner/kind/index.ts';
import { synthesiseClip } from '../../stages/corpus/demo/clip.ts';
import { setup } from '../../stages/features/encoder/implementation.ts';
import { encoderParams } from '../../stages/features/encoder/params.ts';
import { PyTorch } from './pytorch.ts';

const RATE = 16_000;
const SECONDS = 3.7;
const REPETITIONS = 9;
const GEMM_SIZES = [1024, 2048];

const [python = 'python3', torchFolder = '', onnxFolder = '', threadsText] = process.argv.slice(2);
const threads = threadsText === undefined ? availableParallelism() : Number(threadsText);

/** Speech-like samples of the length usual in RAVDESS. */
function clip(): Float32Array {
  const utterances = (['kids', 'dogs'] as const).flatMap((statement) =>
    ([1, 2] as const).map((repetition) =>
      synthesiseClip({ emotion: 'happy', intensity: 'normal', statement, repetition, actor: 1 }, RATE, 1),
    ),
  );
  const samples = new Float32Array(Math.round(RATE * SECONDS));
  let at = 0;
  for (const utterance of utterances) {
    samples.set(utterance.subarray(0, Math.max(0, samples.length - at)), Math.min(at, samples.length));
    at += utterance.length;
  }
  return samples;
}

function stageOf(dtype: string, intraOpThreads: number): Promise<RowFunction<Row>> {
  return setup({
    params: encoderParams.parse({ model: onnxFolder, pool: 'none', dtype }),
    columns: { samples: { type: 'sequence', shape: [] }, sampleRate: { type: 'int32' } },
    threads: intraOpThreads,
  });
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];
const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`;

const samples = clip();
const row: Row = { id: 'clip', cells: { samples, sampleRate: RATE } };
const folder = await mkdtemp(join(tmpdir(), 'bench-encoder-'));
const torch = new PyTorch(python, torchFolder, threads);
try {
  await writeFile(join(folder, 'samples.f32'), samples);
  const { torch: version, transformers } = await torch.versions;
  const graphs = await readdir(join(onnxFolder, 'onnx'));
  const dtypes = ['fp32', 'int8'].filter(
    (dtype) => dtype === 'fp32' || graphs.some((name) => name.includes(dtype)),
  );
  console.log(
    `a clip of ${SECONDS} s, ${threads} threads, batch 1; Node ${process.version}, PyTorch ${version}, `,
  );
  console.log(
    `transformers ${transformers}; preprocessing included; median and best of ${REPETITIONS}, taken by turns`,
  );

  const stages = new Map<string, RowFunction<Row>>();
  for (const dtype of dtypes) stages.set(dtype, await stageOf(dtype, threads));
  const times = new Map<string, number[]>([...dtypes, 'PyTorch'].map((name) => [name, []]));
  const gemm: number[] = [];

  const written = join(folder, 'torch.f32');
  await torch.encode(join(folder, 'samples.f32'), written);
  for (const [dtype, stage] of stages) {
    const frames = (await stage.run(row)).features as Float32Array;
    const reference = new Float32Array((await readFile(written)).buffer.slice(0));
    const largest = frames.reduce((most, value, n) => Math.max(most, Math.abs(value - reference[n])), 0);
    console.log(`${dtype} differs from PyTorch fp32 by at most ${largest.toExponential(1)} in any frame`);
  }

  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    for (const [dtype, stage] of stages) {
      const start = performance.now();
      await stage.run(row);
      times.get(dtype)?.push((performance.now() - start) / 1000);
    }
    times.get('PyTorch')?.push((await torch.encode(join(folder, 'samples.f32'))).seconds);
    for (const size of GEMM_SIZES) gemm.push(await torch.gemm(size));
  }

  const flops = await torch.flops(samples.length);
  const limit = Math.max(...gemm);
  console.log(
    `${(flops / 1e9).toFixed(1)} GFLOP a clip; best matrix product ${(limit / 1e9).toFixed(0)} GFLOP/s`,
  );
  for (const [name, seconds] of times) {
    const best = Math.min(...seconds);
    console.log(
      `${name.padEnd(8)} median ${milliseconds(median(seconds))}, best ${milliseconds(best)}: ` +
        `${(SECONDS / median(seconds)).toFixed(1)} × real time, ${((100 * flops) / best / limit).toFixed(0)} % of the limit`,
    );
  }
  const torchSeconds = times.get('PyTorch') ?? [];
  for (const dtype of dtypes) {
    const seconds = times.get(dtype) ?? [];
    console.log(
      `${dtype} is ${(median(torchSeconds) / median(seconds)).toFixed(2)} times as fast as PyTorch fp32 by the medians, ` +
        `${(Math.min(...torchSeconds) / Math.min(...seconds)).toFixed(2)} by the best`,
    );
  }
  for (const stage of stages.values()) await stage.close?.();
} finally {
  torch.close();
  await rm(folder, { recursive: true });
}
