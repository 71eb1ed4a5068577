import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import util from 'node:util';
import type * as tfjs from '@tensorflow/tfjs-node';
import { z } from 'zod';
import type { Shape } from './graph/attributes.ts';
import type { Graph } from './graph/graph.ts';

/**
 * The one place that touches TensorFlow. Its backend's own methods have no public types: they are declared here
 * as far as they are used, and this file is the boundary behind which everything is typed.
 */
type Tensorflow = typeof tfjs;
type Tensor = tfjs.Tensor;

interface Backend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_BOOL' | 'TF_FLOAT', number>> & {
    /** Of the C library, e.g. `2.18.1`. */
    readonly TF_Version: string;
  };
  executeMultipleOutputs(
    name: string,
    attributes: readonly { name: string; type: number; value: number | boolean }[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
  loadSavedModelMetaGraph(folder: string, tags: string): number;
  runSavedModel(
    session: number,
    inputs: readonly Tensor[],
    infos: readonly { name: string }[],
    outputs: readonly string[],
  ): Tensor[];
  deleteSavedModel(session: number): void;
}

let loaded: Promise<Tensorflow> | undefined;

/**
 * Loads TensorFlow with `threads` threads for operations that are independent of each other. The first call of a
 * process decides. Each operation runs on one thread: a sum that is cut among threads has other bits for another
 * number of them, and one on a single thread never has.
 */
export function loadTensorflow(threads: number): Promise<Tensorflow> {
  loaded ??= importTensorflow(threads);
  return loaded;
}

async function importTensorflow(threads: number): Promise<Tensorflow> {
  // TensorFlow reads these when its library is loaded, so they must be set before the import.
  process.env.TF_NUM_INTRAOP_THREADS = '1';
  process.env.TF_NUM_INTEROP_THREADS = String(Math.max(1, threads));
  process.env.TF_ENABLE_ONEDNN_OPTS = '1';
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // tfjs-node 4.22 calls this function, of which Node 22 warns and which Node 23 took away.
  const legacy = util as unknown as { isNullOrUndefined?: (value: unknown) => boolean };
  legacy.isNullOrUndefined = (value) => value === undefined || value === null;
  const module = (await import('@tensorflow/tfjs-node')) as Tensorflow & { default?: Tensorflow };
  return module.default ?? module;
}

/** The C library that computes, e.g. `TensorFlow 2.18.1`. */
export async function tensorflowLibrary(threads: number): Promise<string> {
  return `TensorFlow ${backendOf(await loadTensorflow(threads)).binding.TF_Version}`;
}

function backendOf(tensorflow: Tensorflow): Backend {
  return tensorflow.backend() as unknown as Backend;
}

/** A value handed to a graph's placeholder. */
export interface Feed {
  readonly data: Float32Array | Int32Array;
  readonly shape: Shape;
}

/** A graph loaded into TensorFlow, with the variables it holds. */
export class Session {
  readonly #tensorflow: Tensorflow;
  readonly #id: number;

  private constructor(tensorflow: Tensorflow, id: number) {
    this.#tensorflow = tensorflow;
    this.#id = id;
  }

  static async open(graph: Graph, threads: number): Promise<Session> {
    const tensorflow = await loadTensorflow(threads);
    const folder = await mkdtemp(join(tmpdir(), 'graph-'));
    try {
      await writeFile(join(folder, 'saved_model.pb'), graph.toSavedModel());
      return new Session(tensorflow, backendOf(tensorflow).loadSavedModelMetaGraph(folder, 'serve'));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Runs what the operations in `fetches` need and returns their first outputs. Blocks until it is done. */
  run(feeds: Readonly<Record<string, Feed>>, fetches: readonly string[]): Float32Array[] {
    const tf = this.#tensorflow;
    const names = Object.keys(feeds);
    const inputs = names.map((name) => toTensor(tf, feeds[name]));
    try {
      const outputs = backendOf(tf).runSavedModel(
        this.#id,
        inputs,
        names.map((name) => ({ name: `${name}:0` })),
        fetches.map((name) => `${name}:0`),
      );
      return outputs.map((output) => {
        // A copy: the data may be TensorFlow's own memory.
        const values = Float32Array.from(output.dataSync<'float32'>());
        output.dispose();
        return values;
      });
    } finally {
      for (const input of inputs) input.dispose();
    }
  }

  close(): void {
    backendOf(this.#tensorflow).deleteSavedModel(this.#id);
  }
}

function toTensor(tf: Tensorflow, { data, shape }: Feed): Tensor {
  return tf.tensor(data, [...shape], data instanceof Float32Array ? 'float32' : 'int32');
}

/**
 * The reduced QR decomposition of a tall matrix (rows ≥ columns, row-major) by Householder reflections.
 *
 * @returns `q`, rows × columns, and the diagonal of `r`.
 */
export async function qrDecomposition(
  matrix: Float32Array,
  rows: number,
  columns: number,
): Promise<{ q: Float32Array; diagonal: Float32Array }> {
  const tf = await loadTensorflow(1);
  const { binding, executeMultipleOutputs } = bound(backendOf(tf));
  const input = tf.tensor(matrix, [rows, columns], 'float32');
  const [q, r] = executeMultipleOutputs(
    'Qr',
    [
      { name: 'full_matrices', type: binding.TF_ATTR_BOOL, value: false },
      { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    ],
    [input],
    2,
  );
  const triangle = r.dataSync<'float32'>();
  const result = {
    q: Float32Array.from(q.dataSync<'float32'>()),
    diagonal: Float32Array.from({ length: columns }, (_, i) => triangle[i * columns + i]),
  };
  for (const tensor of [input, q, r]) tensor.dispose();
  return result;
}

const layersModelFile = z.object({
  modelTopology: z.looseObject({}),
  weightsManifest: z.tuple([
    z.object({
      weights: z.array(z.object({ name: z.string(), shape: z.array(z.int()), dtype: z.literal('float32') })),
    }),
  ]),
});

/**
 * Opens a layers model with the stock layers of TensorFlow.js. `model`: the content of its `model.json`.
 *
 * @returns a function of inputs, rows × values of a row, that gives the model's outputs, rows × outputs. `steps` are
 * those of a row where the model leaves them open.
 */
export async function openLayersModel(
  model: unknown,
  weights: Uint8Array,
): Promise<(inputs: Float32Array, rows: number, steps?: number) => Float32Array> {
  const tf = await loadTensorflow(1);
  const { modelTopology, weightsManifest } = layersModelFile.parse(model);
  const loadedModel = await tf.loadLayersModel({
    load: () =>
      Promise.resolve({
        modelTopology,
        weightSpecs: weightsManifest[0].weights,
        weightData: Uint8Array.from(weights).buffer,
      }),
  });
  const [, ...shape] = loadedModel.inputs[0].shape;
  return (inputs, rows, steps = 1) =>
    tf.tidy(() => {
      const input = tf.tensor(inputs, [rows, ...shape.map((size) => size ?? steps)]);
      const output = loadedModel.predict(input) as Tensor;
      return Float32Array.from(output.dataSync<'float32'>());
    });
}

function bound(backend: Backend): Pick<Backend, 'binding' | 'executeMultipleOutputs'> {
  return {
    binding: backend.binding,
    executeMultipleOutputs: (...call) => backend.executeMultipleOutputs(...call),
  };
}
