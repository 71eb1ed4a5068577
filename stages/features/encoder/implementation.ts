import { StageFailure, type Row, type RowContext, type RowFunction } from '../../../runner/kind/index.ts';
import { clipOf, requireClipColumns, type Clip } from '../../audio/clip.ts';
import { requireFinite } from '../../audio/finite.ts';
import { graphFile, readEncoderFolder, type EncoderFolder } from './model-folder.ts';
import { quantisedConvolution, readGraphNodes } from './onnx-graph.ts';
import type { EncoderParams } from './params.ts';
import { poolingOf } from './pooling.ts';
import { preprocessOf } from './preprocess.ts';
import { EncoderSession } from './session.ts';

/** Columns: `features`, as `pool` says, and `frames`, how many frames the encoder gave before any cut. */
export async function setup(context: RowContext<EncoderParams>): Promise<RowFunction<Row>> {
  const { params, columns, threads } = context;
  requireClipColumns(columns, 'features/encoder');
  if (params.model === null) {
    throw new StageFailure('no model folder is configured', {
      place: 'features/encoder: model',
      hint: 'set model to the folder of an encoder (see docs/encoders.md)',
    });
  }
  const encoder = await readEncoderFolder(params.model);
  const graph = await graphFile(encoder, params.dtype);
  if (graph.dtype !== 'fp32' && graph.dtype !== 'fp16') await refuseQuantisedConvolutions(graph.path);
  const preprocess = preprocessOf(encoder);
  const session = await EncoderSession.load(graph.path, params.layers, threads);
  const size = encoder.hiddenSize * session.layerCount;
  const pooling = poolingOf(params, size);

  return {
    columns: { features: pooling.column, frames: { type: 'int32' } },
    notes: encoder.randomWeights
      ? [
          `The weights of the encoder ${params.model} are random: its features show that the chain works, ` +
            'and say nothing of what a trained encoder reaches.',
        ]
      : [],
    async run(row) {
      const clip = clipOf(row);
      requireSuitable(clip, encoder, row.id);
      const frames = await session.run(await preprocess(clip.samples));
      if (frames.size !== size) {
        throw new StageFailure(`the graph gives frames of ${frames.size} values, config.json says ${size}`, {
          place: graph.path,
          hint: 'take the config.json that belongs to the graph',
        });
      }
      const features = pooling.apply(frames);
      requireFinite(features, 'encoder feature', row.id);
      return { features, frames: frames.count };
    },
    close: () => session.close(),
  };
}

function requireSuitable({ samples, sampleRate }: Clip, encoder: EncoderFolder, place: string): void {
  if (sampleRate !== encoder.samplingRate) {
    throw new StageFailure(
      `the clip is at ${sampleRate} Hz and the encoder wants ${encoder.samplingRate} Hz`,
      {
        place,
        hint: `take clips from a preprocess stage with sampleRate: ${encoder.samplingRate}`,
      },
    );
  }
  if (samples.length < encoder.minimumSamples) {
    throw new StageFailure(
      `the clip has ${samples.length} samples and the encoder needs ${encoder.minimumSamples} for one frame`,
      { place, hint: 'take the recording out, or trim less' },
    );
  }
  if (encoder.maximumSamples !== undefined && samples.length > encoder.maximumSamples) {
    const seconds = encoder.maximumSamples / encoder.samplingRate;
    throw new StageFailure(`the clip is longer than the ${seconds} s that the encoder has positions for`, {
      place,
      hint: 'cut the recording into shorter ones',
    });
  }
}

async function refuseQuantisedConvolutions(path: string): Promise<void> {
  const convolution = quantisedConvolution(await readGraphNodes(path));
  if (convolution === undefined) return;
  throw new StageFailure(
    `the convolution ${convolution.outputs.join(', ')} is quantised, which destroys the features of these encoders`,
    { place: path, hint: 'quantise MatMuls only: scripts/export-encoder.py --int8, or take fp32 or fp16' },
  );
}
