import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Progress } from '../../../../runner/kind/index.ts';
import cnnKind from '../../../../stages/train/cnn/index.ts';
import cnnLstmKind from '../../../../stages/train/cnn-lstm/index.ts';
import svmKind from '../../../../stages/train/linear-svm/index.ts';
import regressionKind from '../../../../stages/train/logistic-regression/index.ts';
import lstmKind from '../../../../stages/train/lstm/index.ts';
import mlpKind from '../../../../stages/train/mlp/index.ts';
import { loadClassifier } from '../../../../stages/train/neural/load.ts';
import forestKind from '../../../../stages/train/random-forest/index.ts';
import type { ModelSummary } from '../../../../stages/train/summary.ts';
import { MemoryArtifact, stageContext } from '../memory-artifacts.ts';
import { trainingInputs } from './training-inputs.ts';

const kinds = {
  ...{ lstm: lstmKind, cnn: cnnKind, 'cnn-lstm': cnnLstmKind, mlp: mlpKind },
  ...{ 'random-forest': forestKind, 'linear-svm': svmKind, 'logistic-regression': regressionKind },
};
const channels = 4;
/** From 9 to 37 steps. */
const stepsOf = (clip: number): number => 9 + ((clip * 13) % 29);

interface RunOptions {
  readonly params?: Record<string, unknown>;
  readonly stepsOf?: (clip: number) => number;
  readonly checkpoints?: string;
  readonly progress?: (progress: Progress, controller: AbortController) => void;
}

describe('the stages that train, given sequences of unequal length', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'unequal-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const newFolder = (name: string): string => mkdtempSync(path.join(folder, name));

  async function train(model: keyof typeof kinds, options: RunOptions = {}) {
    // The kinds differ in params, which zod has checked by then.
    const kind = kinds[model] as typeof cnnKind;
    const output = new MemoryArtifact(`train[${model}]`, newFolder('output-'));
    const controller = new AbortController();
    const stage = await kind.load();
    const inputs = await trainingInputs([channels], options.stepsOf ?? stepsOf);
    await stage.run({
      ...stageContext(kind.params.parse(options.params ?? {}), { ...inputs }, output),
      checkpoints: options.checkpoints ?? newFolder('checkpoints-'),
      signal: controller.signal,
      progress: (progress) => options.progress?.(progress, controller),
    });
    return {
      output,
      summary: output.documents.get('summary.json') as ModelSummary,
      predictions: output.tables.get('predictions')!.rows,
    };
  }

  it.each(['lstm', 'cnn', 'cnn-lstm'] as const)('%s: learns, and predicts a clip alone', async (model) => {
    const params = { epochs: 12, batchSize: 8, learningRate: 5e-3, standardize: true };
    const { output, summary, predictions } = await train(model, { params });
    const tested = predictions.filter(({ cells }) => cells.part === 'test');
    const hits = tested.filter(({ cells }) => cells.predictedIndex === cells.emotionIndex);
    expect(hits.length / tested.length).toBeGreaterThan(0.85);
    expect(summary.layers[0].outputShape).toEqual(model === 'lstm' ? [256] : [null, 64]);
    expect(output.documents.get('models/fold0/classifier.json')).toMatchObject({ shape: [null, channels] });

    const classify = await loadClassifier(await output.asInput(), 1);
    const { features } = await trainingInputs([channels], stepsOf);
    const table = await features.table();
    const { data, offsets } = table.sequence('features');
    const together = classify(data, offsets);
    for (const { id, cells } of predictions.filter((row) => row.cells.fold === 1)) {
      const row = table.ids.indexOf(id.split('/')[2]);
      const expected = cells.probabilities as Float32Array;
      for (let c = 0; c < 4; c++) expect(together[row * 4 + c]).toBeCloseTo(expected[c], 4);
    }
    for (const row of [0, 17, 59]) {
      const alone = classify(
        data.subarray(offsets[row] * channels, offsets[row + 1] * channels),
        Int32Array.of(0, offsets[row + 1] - offsets[row]),
      );
      expect([...alone]).toEqual([...together.subarray(row * 4, (row + 1) * 4)]);
    }
  });

  it('fit their scaler on the steps of the training clips', async () => {
    const params = { epochs: 1, standardize: true };
    const { output, predictions } = await train('cnn', { params });
    const { features } = await trainingInputs([channels], stepsOf);
    const table = await features.table();
    const { data, offsets } = table.sequence('features');
    const trained = predictions
      .filter(({ cells }) => cells.fold === 0 && cells.part === 'train')
      .map(({ cells }) => table.ids.indexOf(cells.clip as string));
    const steps = trained.flatMap((row) =>
      Array.from({ length: offsets[row + 1] - offsets[row] }, (_, i) => offsets[row] + i),
    );
    const { mean, scale } = output.documents.get('models/fold0/scaler.json') as Record<string, number[]>;
    for (let channel = 0; channel < channels; channel++) {
      const values = steps.map((step) => data[step * channels + channel]);
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const square = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
      expect(mean[channel]).toBeCloseTo(average, 3);
      expect(scale[channel]).toBeCloseTo(Math.sqrt(square), 4);
    }
  });

  it('go on after a kill as if nothing had been', async () => {
    const params = { epochs: 3, batchSize: 8, weightDecay: 0.01 };
    const undisturbed = await train('cnn-lstm', { params });
    const checkpoints = newFolder('checkpoints-');
    const killed = train('cnn-lstm', {
      params,
      checkpoints,
      progress: ({ done }, controller) => {
        if (done === 2) controller.abort();
      },
    });
    await expect(killed).rejects.toMatchObject({ name: 'AbortError' });
    const resumed = await train('cnn-lstm', { params, checkpoints });
    expect(JSON.stringify(resumed.predictions)).toBe(JSON.stringify(undisturbed.predictions));
    expect(resumed.summary).toEqual(undisturbed.summary);
  });

  it('normalise by speaker over the steps of each speaker', async () => {
    const { output, summary } = await train('cnn', { params: { epochs: 1, normalizeBySpeaker: true } });
    expect(summary.notes.join()).toContain('Transductive');
    const classify = await loadClassifier(await output.asInput(), 0);
    const steps = Float32Array.from({ length: 24 * channels }, (_, i) => i % 7);
    expect(classify(steps, Int32Array.of(0, 9, 24))).toHaveLength(8);
    expect(() => classify(steps, Int32Array.of(0, 24))).toThrow('cannot judge a single recording');
  });

  it.each(['mlp', 'random-forest', 'linear-svm', 'logistic-regression'] as const)(
    '%s: says what it wants instead',
    async (model) => {
      await expect(train(model)).rejects.toMatchObject({
        name: 'StageFailure',
        message: `${model} reads one vector a clip, not sequences of unequal length`,
        place: 'mfcc',
        hint:
          'let the features stage pool over time (features/acoustic: output: statistics; features/encoder: pool: mean), ' +
          'or train lstm, cnn or cnn-lstm on the sequences',
      });
    },
  );

  it('name the clip that is too short, and the param that goes with rows of one length', async () => {
    await expect(train('cnn', { stepsOf: (clip) => (clip === 7 ? 5 : 20) })).rejects.toMatchObject({
      message: '5 steps of clip07.wav are too few for cnn: max_pooling1d_2 leaves none',
      hint: 'use features with more steps a second, or take the recording out',
    });
    await expect(train('lstm', { stepsOf: (clip) => (clip === 7 ? 0 : 20) })).rejects.toMatchObject({
      message: '0 steps of clip07.wav are too few for lstm',
    });
    await expect(train('lstm', { params: { mixup: 0.2 } })).rejects.toMatchObject({
      message: 'mixup blends rows of one length, and the features are sequences of unequal length',
      place: 'mixup',
    });
  });
});
