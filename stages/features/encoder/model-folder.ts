import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StageFailure } from '../../../runner/kind/index.ts';
import type { Dtype } from './params.ts';

/** What an encoder takes in. */
export type EncoderInput = 'waveform' | 'log-mel';

/** An encoder's folder in the layout of transformers.js, read and checked. */
export interface EncoderFolder {
  readonly folder: string;
  readonly modelType: string;
  readonly input: EncoderInput;
  /** The content of preprocessor_config.json. */
  readonly preprocessor: Preprocessor;
  /** Hz. */
  readonly samplingRate: number;
  /** Values of one frame of one layer. */
  readonly hiddenSize: number;
  /** The shortest clip that gives a frame, and the longest that the encoder has positions for, in samples. */
  readonly minimumSamples: number;
  readonly maximumSamples: number | undefined;
  readonly randomWeights: boolean;
}

/** Families told apart by `model_type` in config.json. */
const INPUT_OF_MODEL_TYPE = new Map<string, EncoderInput>([
  ['wav2vec2', 'waveform'],
  ['wav2vec2-conformer', 'waveform'],
  ['hubert', 'waveform'],
  ['wavlm', 'waveform'],
  ['data2vec-audio', 'waveform'],
  ['unispeech', 'waveform'],
  ['unispeech-sat', 'waveform'],
  ['whisper', 'log-mel'],
]);

/** Of all these families with their usual convolutions, and of one window of Whisper's spectrogram. */
const MINIMUM_SAMPLES = 400;

const configSchema = z.looseObject({
  model_type: z.string(),
  hidden_size: z.int().positive().optional(),
  d_model: z.int().positive().optional(),
  conv_kernel: z.array(z.int().positive()).optional(),
  conv_stride: z.array(z.int().positive()).optional(),
  random_weights: z.boolean().default(false),
});

const preprocessorSchema = z.looseObject({
  sampling_rate: z.int().positive(),
  do_normalize: z.boolean().default(false),
  feature_size: z.int().positive().optional(),
  hop_length: z.int().positive().default(160),
  n_fft: z.int().positive().default(400),
  n_samples: z.int().positive().default(480_000),
  nb_max_frames: z.int().positive().default(3000),
});

export type Preprocessor = z.infer<typeof preprocessorSchema>;

/** Reads an encoder's two configurations. Throws StageFailure where the folder is no encoder that can be run. */
export async function readEncoderFolder(folder: string): Promise<EncoderFolder> {
  const config = await readJson(join(folder, 'config.json'), configSchema);
  const input = inputOfModelType(config.model_type, join(folder, 'config.json'));
  const preprocessor = await readJson(join(folder, 'preprocessor_config.json'), preprocessorSchema);
  const hiddenSize = config.hidden_size ?? config.d_model;
  if (hiddenSize === undefined) {
    throw new StageFailure('the configuration has neither hidden_size nor d_model', {
      place: join(folder, 'config.json'),
      hint: 'take the config.json that belongs to the model',
    });
  }
  return {
    folder,
    modelType: config.model_type,
    input,
    preprocessor,
    samplingRate: preprocessor.sampling_rate,
    hiddenSize,
    minimumSamples: receptiveField(config.conv_kernel, config.conv_stride),
    maximumSamples: input === 'log-mel' ? preprocessor.n_samples : undefined,
    randomWeights: config.random_weights,
  };
}

/** What the encoders of a family take in. Throws StageFailure for one that is not known here. */
export function inputOfModelType(modelType: string, place: string): EncoderInput {
  const input = INPUT_OF_MODEL_TYPE.get(modelType);
  if (input !== undefined) return input;
  throw new StageFailure(`${modelType} is no encoder that is known here`, {
    place,
    hint: `known are ${[...INPUT_OF_MODEL_TYPE.keys()].join(', ')}`,
  });
}

/** Samples under one frame: of convolutions one after the other, `1 + Σ (kernel - 1) × strides so far`. */
function receptiveField(
  kernels: readonly number[] | undefined,
  strides: readonly number[] | undefined,
): number {
  if (kernels === undefined || strides?.length !== kernels.length) return MINIMUM_SAMPLES;
  let samples = 1;
  let stride = 1;
  kernels.forEach((kernel, layer) => {
    samples += (kernel - 1) * stride;
    stride *= strides[layer];
  });
  return samples;
}

const SUFFIX_OF_DTYPE: Readonly<Record<Dtype, string>> = {
  fp32: '',
  fp16: '_fp16',
  int8: '_int8',
  uint8: '_uint8',
  q8: '_quantized',
};

/** The graph to run. `auto` takes fp32, or else fp16. Throws StageFailure naming the files there are. */
export async function graphFile(
  encoder: EncoderFolder,
  dtype: Dtype | 'auto',
): Promise<{ readonly path: string; readonly dtype: Dtype }> {
  const folder = join(encoder.folder, 'onnx');
  const base = encoder.input === 'log-mel' ? 'encoder_model' : 'model';
  const nameOf = (candidate: Dtype): string => `${base}${SUFFIX_OF_DTYPE[candidate]}.onnx`;
  const present = (await namesIn(folder)).filter((name) => name.endsWith('.onnx'));
  const candidates: readonly Dtype[] = dtype === 'auto' ? ['fp32', 'fp16'] : [dtype];
  const found = candidates.find((candidate) => present.includes(nameOf(candidate)));
  if (found !== undefined) return { path: join(folder, nameOf(found)), dtype: found };
  throw new StageFailure(`there is no ${candidates.map(nameOf).join(' nor ')}`, {
    place: folder,
    hint:
      present.length === 0
        ? 'make one of PyTorch weights with scripts/export-encoder.py (see docs/encoders.md)'
        : `set dtype by what is there: ${present.join(', ')}`,
  });
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw new StageFailure('the file is missing', {
      place: path,
      hint: 'the folder of an encoder holds config.json, preprocessor_config.json and onnx/ (see docs/encoders.md)',
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new StageFailure(
      `the file is not JSON: ${error instanceof Error ? error.message : String(error)}`,
      {
        place: path,
        hint: 'download it again',
      },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StageFailure(`the file is not as expected: ${z.prettifyError(parsed.error)}`, {
    place: path,
    hint: 'take the file that belongs to the model',
  });
}
