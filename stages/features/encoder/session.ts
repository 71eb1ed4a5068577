import { InferenceSession, Tensor } from 'onnxruntime-node';
import { StageFailure } from '../../../runner/kind/index.ts';
import type { EncoderParams } from './params.ts';
import type { EncoderFeed } from './preprocess.ts';

/** Frames of one clip: `count` × `size`, row-major; the layers asked for stand side by side in a frame. */
export interface Frames {
  readonly count: number;
  readonly size: number;
  readonly data: Float32Array;
}

const LAST = 'last_hidden_state';
/** All states in one tensor [layers + 1, batch, frames, size], as scripts/export-encoder.py writes them. */
const STACKED = 'hidden_states';
/** One output a state, as optimum writes them. */
const SEPARATE = /^hidden_states\.(\d+)$/;

/** An encoder's graph, loaded. */
export class EncoderSession {
  private readonly session: InferenceSession;
  private readonly path: string;
  private readonly outputs: readonly string[];
  private readonly pick: (results: InferenceSession.OnnxValueMapType) => Tensor[];

  private constructor(
    session: InferenceSession,
    path: string,
    layers: EncoderParams['layers'],
    hiddenLayers: number,
  ) {
    this.session = session;
    this.path = path;
    const chosen = chooseLayers(layers, hiddenLayers, path);
    this.layerCount = chosen.length;
    const stacked = session.outputNames.includes(STACKED);
    const nameOf = (layer: number | 'last'): string =>
      layer === 'last' ? LAST : stacked ? STACKED : `${STACKED}.${layer}`;
    this.outputs = [...new Set(chosen.map(nameOf))];
    this.pick = (results) =>
      chosen.map((layer) => {
        const tensor = results[nameOf(layer)];
        return layer !== 'last' && stacked ? slice(tensor, layer) : tensor;
      });
  }

  /** How many layers stand side by side in a frame. */
  readonly layerCount: number;

  /**
   * Loads a graph. Throws StageFailure where it cannot be loaded, or does not give the layers.
   *
   * `threads` share the work of an operator by rows and columns of its result, never within a sum, so that the
   * results do not depend on their number.
   */
  static async load(path: string, layers: EncoderParams['layers'], threads: number): Promise<EncoderSession> {
    let session: InferenceSession;
    try {
      session = await InferenceSession.create(path, {
        executionProviders: ['cpu'],
        executionMode: 'sequential',
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        logSeverityLevel: 3,
      });
    } catch (error) {
      throw new StageFailure(
        `the graph cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
        {
          place: path,
          hint: 'download or export it again',
        },
      );
    }
    if (!session.outputNames.includes(LAST)) {
      throw new StageFailure(`the graph gives ${session.outputNames.join(', ')} and no ${LAST}`, {
        place: path,
        hint: 'export the bare encoder, without a head: scripts/export-encoder.py',
      });
    }
    return new EncoderSession(session, path, layers, countStates(session));
  }

  /** Runs one clip. */
  async run(feed: EncoderFeed): Promise<Frames> {
    const feeds: Record<string, Tensor> = { [feed.name]: new Tensor('float32', feed.data, feed.shape) };
    if (this.session.inputNames.includes('attention_mask')) {
      const ones = new BigInt64Array(feed.data.length).fill(1n);
      feeds.attention_mask = new Tensor('int64', ones, feed.shape);
    }
    const results = await this.session.run(feeds, this.outputs);
    return sideBySide(this.pick(results), this.path);
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** How many hidden states the graph gives beside the last; 0: none. */
function countStates(session: InferenceSession): number {
  const stacked = session.outputMetadata.find((output) => output.name === STACKED);
  if (stacked?.isTensor === true && typeof stacked.shape[0] === 'number') return stacked.shape[0];
  return session.outputNames.filter((name) => SEPARATE.test(name)).length;
}

function chooseLayers(
  layers: EncoderParams['layers'],
  states: number,
  path: string,
): readonly (number | 'last')[] {
  if (layers === 'all' && states > 0) return Array.from({ length: states }, (_, layer) => layer);
  const chosen = layers === 'all' ? [layers] : layers;
  const missing = chosen.find((layer) => layer === 'all' || (layer !== 'last' && layer >= states));
  if (missing === undefined) return chosen as readonly (number | 'last')[];
  throw states === 0
    ? new StageFailure('the graph gives its last hidden state only', {
        place: path,
        hint: 'set layers: [last], or export it with all states: scripts/export-encoder.py',
      })
    : new StageFailure(`there is no layer ${missing}`, {
        place: path,
        hint: `set layers to numbers from 0 to ${states - 1}, last, or all`,
      });
}

/** State `layer` of a stack [layers, 1, frames, size]. */
function slice(stack: Tensor, layer: number): Tensor {
  const [, batch, frames, size] = stack.dims;
  const length = batch * frames * size;
  const data = stack.data as Float32Array;
  return new Tensor('float32', data.subarray(layer * length, (layer + 1) * length), [batch, frames, size]);
}

function sideBySide(states: readonly Tensor[], path: string): Frames {
  for (const state of states) {
    if (state.type === 'float32' && state.dims.length === 3) continue;
    throw new StageFailure(
      `the graph gives ${state.type} [${state.dims.join(', ')}], not frames of float32`,
      {
        place: path,
        hint: 'export it with inputs and outputs in fp32: scripts/export-encoder.py',
      },
    );
  }
  const [, count, width] = states[0].dims;
  if (states.length === 1) return { count, size: width, data: states[0].data as Float32Array };
  const size = states.length * width;
  const data = new Float32Array(count * size);
  states.forEach((state, layer) => {
    const values = state.data as Float32Array;
    for (let frame = 0; frame < count; frame += 1)
      data.set(values.subarray(frame * width, (frame + 1) * width), frame * size + layer * width);
  });
  return { count, size, data };
}
