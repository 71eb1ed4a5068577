import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Cells } from '../../runner/kind/index.ts';
import acoustic from '../../stages/features/acoustic/index.ts';
import type { Material } from './material.ts';
import type { Deviation } from './report.ts';

const FLOAT32_ULPS = 2;

/** The greatest deviation that is borne, in the descriptor's unit. */
const DESCRIPTORS: Readonly<Record<string, { readonly params: object; readonly tolerance: number }>> = {
  mfcc: { params: { descriptors: ['mfcc'] }, tolerance: 2e-4 },
  delta: { params: { descriptors: ['delta'] }, tolerance: 5e-4 },
  delta2: { params: { descriptors: ['delta2'] }, tolerance: 5e-4 },
  mel: { params: { descriptors: ['mel'] }, tolerance: 1e-4 },
  chroma: { params: { descriptors: ['chroma'] }, tolerance: 1e-5 },
  contrast: { params: { descriptors: ['contrast'] }, tolerance: 1e-4 },
  zeroCrossingRate: { params: { descriptors: ['zeroCrossingRate'] }, tolerance: 1e-7 },
  rms: { params: { descriptors: ['rms'] }, tolerance: 1e-6 },
  pitch: { params: { descriptors: ['pitch'] }, tolerance: 1e-3 },
  pyin: { params: { descriptors: ['pitch'], pitchMethod: 'pyin' }, tolerance: 1e-3 },
  voiced: { params: { descriptors: ['voiced'] }, tolerance: 0 },
  voicedProbability: { params: { descriptors: ['voicedProbability'] }, tolerance: 1e-6 },
};

/** Every descriptor of every clip beside librosa's, whose numbers lie in a folder. */
export async function compareWithLibrosa(clips: readonly Material[], folder: string): Promise<Deviation[]> {
  const refusals = JSON.parse(readFileSync(path.join(folder, 'librosa.json'), 'utf8')) as Record<
    string,
    string
  >[];
  const deviations: Deviation[] = [];
  const implementation = await acoustic.load();
  for (const [descriptor, { params, tolerance }] of Object.entries(DESCRIPTORS)) {
    const stage = await implementation.setup({
      params: acoustic.params.parse({ ...params, output: 'sequence' }),
      columns: { samples: { type: 'sequence', shape: [] }, sampleRate: { type: 'int32' } },
      threads: 1,
    });
    for (const [clip, { name, rate, samples }] of clips.entries()) {
      const ours = await answer(() => stage.run({ id: name, cells: { samples, sampleRate: rate } }));
      const file = path.join(folder, `${descriptor}-${clip}.f64`);
      const theirs = existsSync(file) ? doubles(file) : refusals[clip][descriptor];
      const of = { reference: 'librosa', descriptor, signal: `${name}, ${rate} Hz`, tolerance };
      deviations.push({
        ...of,
        ...difference(ours, theirs),
      });
    }
  }
  return deviations;
}

async function answer(run: () => Cells | Promise<Cells>): Promise<Float32Array | string> {
  try {
    return (await run()).features as Float32Array;
  } catch (error) {
    if (error instanceof Error && error.name === 'StageFailure') return error.message;
    throw error;
  }
}

function doubles(file: string): Float64Array {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function difference(
  ours: Float32Array | string,
  theirs: Float64Array | string,
): Pick<Deviation, 'greatest' | 'remark'> {
  if (typeof ours === 'string' && typeof theirs === 'string')
    return { greatest: 0, remark: 'refused by both' };
  if (typeof ours === 'string') return { greatest: 0, remark: `refused here only: ${ours}` };
  if (typeof theirs === 'string') return { greatest: 0, remark: `refused there only: ${theirs}` };
  if (ours.length !== theirs.length) {
    return { greatest: Infinity, remark: `${ours.length} numbers here, ${theirs.length} there` };
  }
  let greatest = 0;
  let place = 0;
  for (let at = 0; at < ours.length; at++) {
    if (Number.isNaN(theirs[at])) continue;
    // Both sides end in single precision.
    const borne = FLOAT32_ULPS * 2 ** -23 * Math.abs(theirs[at]);
    const distance = Math.max(0, Math.abs(ours[at] - theirs[at]) - borne);
    // NaN counts as the greatest.
    if (distance <= greatest) continue;
    greatest = Number.isNaN(distance) ? Infinity : distance;
    place = at;
  }
  return { greatest, ...(greatest > 0 && { remark: `${ours[place]} here, ${theirs[place]} there` }) };
}
