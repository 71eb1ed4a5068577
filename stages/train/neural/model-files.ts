import { writeFile } from 'node:fs/promises';
import type { Output } from '../../../runner/kind/index.ts';
import { scalerToJson, type Scaler } from '../scaler.ts';
import type { Shape } from './graph/attributes.ts';
import type { Network, WeightValues } from './network.ts';

/** What is done to a clip's features before the network, and to its logits after it. */
export interface Surroundings {
  readonly emotions: readonly string[];
  /** Of the features of one clip; -1 for steps that differ from clip to clip. */
  readonly shape: Shape;
  /** What the logits are divided by before the softmax. */
  readonly temperature: number;
  /** Whether features are first standardised over the clips of their speaker. */
  readonly normalizeBySpeaker: boolean;
  readonly scaler: Scaler | undefined;
}

/**
 * Writes `model.json` and `weights.bin` as a layers model of TensorFlow.js: stock `tf.loadLayersModel` opens it.
 * Beside them `classifier.json`, and `scaler.json` where the features were scaled.
 */
export async function writeModel(
  output: Output,
  folder: string,
  network: Network,
  weights: WeightValues,
  { scaler, shape, ...classifier }: Surroundings,
): Promise<void> {
  const { model, data } = describeModel(network, weights);
  await output.json(`${folder}/model.json`, model);
  await writeFile(output.path(`${folder}/weights.bin`), data);
  await output.json(`${folder}/classifier.json`, { ...classifier, shape: nullable(shape) });
  if (scaler !== undefined) await output.json(`${folder}/scaler.json`, scalerToJson(scaler));
}

/** The topology with its weights manifest, and the weights it lists, one after the other. */
export function describeModel(network: Network, weights: WeightValues): { model: unknown; data: Uint8Array } {
  const stock = network.layers.map((layer) => ({ name: layer.name, ...layer.stock() }));
  const listed = stock.flatMap((layer) => layer.weights);
  const arrays = listed.map((weight) => weight.read(weights));
  const model = {
    format: 'layers-model',
    generatedBy: 'pipeline',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: {
        name: 'sequential',
        layers: stock.map(({ name, className, config }, index) => ({
          class_name: className,
          config: {
            name,
            trainable: true,
            ...config,
            ...(index === 0
              ? { batch_input_shape: [null, ...nullable(network.inputShape)], dtype: 'float32' }
              : {}),
          },
        })),
      },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: listed.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  };
  return { model, data: concatenate(arrays) };
}

/** Sizes as Keras writes them: null for one that differs from run to run. */
function nullable(shape: Shape): (number | null)[] {
  return shape.map((size) => (size === -1 ? null : size));
}

function concatenate(arrays: readonly Float32Array[]): Uint8Array {
  const bytes = arrays.map((array) => Buffer.from(array.buffer, array.byteOffset, array.byteLength));
  return Buffer.concat(bytes);
}
