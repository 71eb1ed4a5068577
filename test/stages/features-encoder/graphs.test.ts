import { writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { quantisedConvolution, readGraphNodes } from '../../../stages/features/encoder/onnx-graph.ts';
import type { EncoderParams } from '../../../stages/features/encoder/params.ts';
import { encode } from './clips.ts';

const GRAPHS = 'test/fixtures/encoder-graphs';

/** 3 frames, whose means are 1/8, 1/4 and 1/2 where they do not overlap: as many samples as are needed. */
const samples = Float32Array.from({ length: 1040 }, (_, n) => (n < 320 ? 0.125 : n < 640 ? 0.25 : 0.5));
const means = [(320 * 0.125 + 80 * 0.25) / 400, (320 * 0.25 + 80 * 0.5) / 400, 0.5];

function run(graph: string, params: Partial<EncoderParams> = {}): Promise<unknown> {
  return encode({ model: join(GRAPHS, graph), pool: 'none', ...params }, samples).then(({ features }) =>
    Array.from(features as Float32Array, (value) => Math.round(value * 1e5) / 1e5),
  );
}

const frames = (factor: number): number[] =>
  means.flatMap((mean) => [1, 2, 3, 4].map((weight) => Math.round(factor * weight * mean * 1e5) / 1e5));

describe('a graph', () => {
  it('that gives its last hidden state only is run, and has no other layers', async () => {
    expect(await run('last-only')).toEqual(frames(1));
    for (const layers of [[0], 'all'] as const) {
      await expect(
        run('last-only', { layers: layers === 'all' ? layers : [...layers] }),
      ).rejects.toMatchObject({
        name: 'StageFailure',
        message: 'the graph gives its last hidden state only',
        hint: expect.stringContaining('layers: [last]'),
      });
    }
  });

  it('that gives one output a state, as optimum writes them, is run', async () => {
    expect(await run('separate-states', { layers: [0] })).toEqual(frames(1));
    expect(await run('separate-states', { layers: [1] })).toEqual(frames(2));
    const both = (await run('separate-states', { layers: 'all' })) as number[];
    expect(both.slice(0, 8)).toEqual([...frames(1).slice(0, 4), ...frames(2).slice(0, 4)]);
  });

  it('that wants an attention mask gets one that attends to everything', async () => {
    expect(await run('attention-mask')).toEqual(frames(1));
  });

  it('that ends in a head is refused', async () => {
    await expect(run('logits')).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'the graph gives logits and no last_hidden_state',
      place: join(GRAPHS, 'logits/onnx/model.onnx'),
    });
  });

  it('that gives half precision is refused', async () => {
    await expect(run('half-precision-output')).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'the graph gives float16 [1, 3, 4], not frames of float32',
    });
  });
});

describe('quantised graphs', () => {
  it('are run where only matrix products are quantised', async () => {
    const quantised = (await run('int8-products', { dtype: 'int8' })) as number[];
    quantised.forEach((value, n) => {
      expect(Math.abs(value - frames(1)[n])).toBeLessThan(0.02);
    });
  });

  it('are refused where a convolution is', async () => {
    await expect(run('int8-convolution', { dtype: 'int8' })).rejects.toMatchObject({
      name: 'StageFailure',
      message: 'the convolution sums is quantised, which destroys the features of these encoders',
      place: join(GRAPHS, 'int8-convolution/onnx/model_int8.onnx'),
      hint: expect.stringContaining('quantise MatMuls only'),
    });
    await expect(run('dequantised-convolution', { dtype: 'q8' })).rejects.toMatchObject({
      message: 'the convolution convolved is quantised, which destroys the features of these encoders',
    });
  });
});

describe('the nodes of a graph', () => {
  it('are read from the file', async () => {
    const nodes = await readGraphNodes(join(GRAPHS, 'last-only/onnx/model.onnx'));
    expect(nodes.map((node) => node.operator)).toEqual(['Unsqueeze', 'AveragePool', 'Transpose', 'MatMul']);
    expect(nodes[3]).toEqual({
      operator: 'MatMul',
      inputs: ['frames', 'weights'],
      outputs: ['last_hidden_state'],
    });
    expect(quantisedConvolution(nodes)).toBeUndefined();
    expect(await readGraphNodes('demo/tiny-wav2vec2/onnx/model.onnx')).toHaveLength(130);
  });

  it('are not read from a file that is cut or something else', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'onnx-'));
    try {
      for (const content of [Buffer.from([0x3a, 0xff, 0xff, 0x01, 0x00]), Buffer.from('<html>')]) {
        const path = join(folder, 'model.onnx');
        await writeFile(path, content);
        await expect(readGraphNodes(path)).rejects.toMatchObject({ name: 'StageFailure', place: path });
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
