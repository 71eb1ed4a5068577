import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Progress } from '../../../../runner/kind/index.ts';
import cnnKind from '../../../../stages/train/cnn/index.ts';
import cnnLstmKind from '../../../../stages/train/cnn-lstm/index.ts';
import lstmKind from '../../../../stages/train/lstm/index.ts';
import mlpKind from '../../../../stages/train/mlp/index.ts';
import { loadTensorflow } from '../../../../stages/train/neural/tensorflow.ts';
import type { ModelSummary } from '../../../../stages/train/summary.ts';
import { MemoryArtifact, stageContext } from '../memory-artifacts.ts';
import * as load from '../../../../stages/train/neural/load.ts';
import { emotions, trainingInputs } from './training-inputs.ts';

const kinds = { lstm: lstmKind, cnn: cnnKind, 'cnn-lstm': cnnLstmKind, mlp: mlpKind };

interface RunOptions {
  readonly params?: Record<string, unknown>;
  readonly shape?: readonly number[];
  readonly checkpoints?: string;
  readonly progress?: (progress: Progress, controller: AbortController) => void;
}

/** Far faster than jest's own comparison. */
function sameRows(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

describe('the stages that train networks', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'neural-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const newFolder = (name: string): string => mkdtempSync(path.join(folder, name));

  async function train(model: keyof typeof kinds, options: RunOptions = {}) {
    // The kinds differ in few params, which zod has checked by then.
    const kind = kinds[model] as typeof cnnKind;
    const params = kind.params.parse({ epochs: 3, batchSize: 8, ...options.params });
    const output = new MemoryArtifact(`train[${model}]`, newFolder('output-'));
    const controller = new AbortController();
    const stage = await kind.load();
    await stage.run({
      ...stageContext(params, { ...(await trainingInputs(options.shape ?? [24])) }, output),
      checkpoints: options.checkpoints ?? newFolder('checkpoints-'),
      signal: controller.signal,
      progress: (progress) => options.progress?.(progress, controller),
    });
    return {
      output,
      summary: output.documents.get('summary.json') as ModelSummary,
      predictions: output.tables.get('predictions')!.rows,
      weights: [0, 1].map((fold) =>
        readFileSync(output.path(`models/fold${fold}/weights.bin`)).toString('base64'),
      ),
    };
  }

  it.each(['lstm', 'cnn', 'cnn-lstm', 'mlp'] as const)(
    '%s: writes summary, predictions and models',
    async (model) => {
      const seen: Progress[] = [];
      const { output, summary, predictions, weights } = await train(model, {
        progress: (progress) => seen.push(progress),
      });
      expect(summary).toMatchObject({ model, features: 'mfcc', emotions });
      expect(summary.notes).toEqual([
        ...(model === 'cnn' ? ['The features were not standardised.'] : []),
        expect.stringContaining('Calibrated on the validation part'),
      ]);
      expect(summary.folds.map(({ fold, epochs }) => [fold, epochs])).toEqual([
        [0, 3],
        [1, 3],
      ]);
      for (const { history, bestEpoch } of summary.folds) {
        const losses = history.map(({ validationLoss }) => validationLoss);
        expect(bestEpoch).toBe(losses.indexOf(Math.min(...losses)) + 1);
      }
      expect(predictions.map(({ id }) => id)).toContain('0/train/clip00.wav');
      expect(predictions).toHaveLength(2 * 60);
      for (const { cells } of predictions) {
        const sum = (cells.probabilities as Float32Array).reduce((total, value) => total + value, 0);
        expect(sum).toBeCloseTo(1, 5);
      }
      expect(Buffer.from(weights[0], 'base64')).toHaveLength(4 * summary.parameters.total);
      expect(output.documents.has('models/fold1/scaler.json')).toBe(model !== 'cnn');
      expect(output.measured.get('fitSeconds')).toBeGreaterThan(0);
      expect(seen.map(({ done, total }) => [done, total])).toEqual(
        [1, 2, 3, 4, 5, 6].map((done) => [done, 6]),
      );
      expect(Object.keys(seen[0].values!)).toEqual(
        expect.arrayContaining(['loss', 'accuracy', 'validationLoss', 'validationAccuracy', 'learningRate']),
      );
    },
  );

  it('learn: a CNN recognises unseen rows far above chance', async () => {
    const { predictions } = await train('cnn', { params: { epochs: 40, learningRate: 3e-3 } });
    const tested = predictions.filter(({ cells }) => cells.part === 'test');
    const hits = tested.filter(({ cells }) => cells.predictedIndex === cells.emotionIndex);
    expect(hits.length / tested.length).toBeGreaterThan(0.7);
  });

  it('give the same bytes for the same seed, and others for another', async () => {
    const first = await train('cnn-lstm');
    const second = await train('cnn-lstm');
    const other = await train('cnn-lstm', { params: { seed: 43 } });
    expect(second.weights.join() === first.weights.join()).toBe(true);
    expect(sameRows(second.predictions, first.predictions)).toBe(true);
    expect(second.summary).toEqual(first.summary);
    expect(other.weights.join() === first.weights.join()).toBe(false);
  });

  it.each([2, 4])('go on after %i epochs as if nothing had been', async (killedAfter) => {
    const params = {
      ...{ epochs: 3, mixup: 0.2, weightDecay: 0.01, earlyStopping: { patience: 1 } },
      standardize: true,
    };
    const undisturbed = await train('cnn', { params });
    const checkpoints = newFolder('checkpoints-');
    const killed = train('cnn', {
      params,
      checkpoints,
      progress: ({ done }, controller) => {
        if (done === killedAfter) controller.abort();
      },
    });
    await expect(killed).rejects.toMatchObject({ name: 'AbortError' });
    const seen: number[] = [];
    const resumed = await train('cnn', { params, checkpoints, progress: ({ done }) => seen.push(done) });
    expect(seen[0]).toBe(killedAfter + 1);
    expect(resumed.weights.join() === undisturbed.weights.join()).toBe(true);
    expect(sameRows(resumed.predictions, undisturbed.predictions)).toBe(true);
    expect(resumed.summary).toEqual(undisturbed.summary);
  });

  it('stop with advice where the training diverges', async () => {
    const diverging = train('cnn', { params: { learningRate: 1e12 } });
    await expect(diverging).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('diverged'),
      hint: expect.stringContaining('learningRate'),
    });
  });

  it('take every option of the training loop', async () => {
    const { summary } = await train('cnn-lstm', {
      params: {
        ...{ epochs: 2, loss: 'crossEntropy', classWeights: 'balanced', labelSmoothing: 0.1, mixup: 0.4 },
        ...{ weightDecay: 0.01, clipNorm: 1, schedule: 'cosine', standardize: false, earlyStopping: null },
      },
    });
    expect(summary.folds.map(({ bestEpoch }) => bestEpoch)).toEqual([2, 2]);
    const rates = summary.folds[0].history.map(({ learningRate }) => learningRate);
    expect(rates[0]).toBeGreaterThan(rates[1]);
    expect(summary.notes).toContain('The features were not standardised.');
  });

  it.each(['lstm', 'cnn', 'cnn-lstm', 'mlp'] as const)(
    '%s: is loaded by stock layers and predicts as it did',
    async (model) => {
      const { output, predictions } = await train(model, { params: { epochs: 2 } });
      const { loadClassifier } = (await import(`../../../../stages/train/${model}/load.ts`)) as typeof load;
      const classify = await loadClassifier(await output.asInput(), 1);
      const { features } = await trainingInputs([24]);
      const table = await features.table();
      const probabilities = classify(table.tensor('features').data);
      expect(probabilities).toHaveLength(60 * 4);
      for (const { id, cells } of predictions.filter((row) => row.cells.fold === 1)) {
        const row = table.ids.indexOf(id.split('/')[2]);
        const expected = cells.probabilities as Float32Array;
        for (let c = 0; c < 4; c++) expect(probabilities[row * 4 + c]).toBeCloseTo(expected[c], 4);
      }
      // The same bits in any company: alone, at another place of a batch, with more or fewer others.
      const { data } = table.tensor('features');
      for (const [from, to] of [
        [0, 1],
        [17, 18],
        [1, 60],
        [3, 20],
      ]) {
        const some = classify(data.subarray(from * 24, to * 24));
        expect([...some]).toEqual([...probabilities.subarray(from * 4, to * 4)]);
      }
      await expect(loadClassifier(await output.asInput(), 2)).rejects.toMatchObject({ name: 'StageFailure' });
    },
  );

  it('normalise by speaker where they are asked to, and say so', async () => {
    const { summary, output } = await train('cnn', { params: { epochs: 1, normalizeBySpeaker: true } });
    expect(summary.notes.join()).toContain('Transductive');
    const { loadClassifier } = load;
    const classify = await loadClassifier(await output.asInput(), 0);
    const random = Float32Array.from({ length: 48 }, (_, i) => i % 7);
    expect(classify(random)).toHaveLength(8);
    expect(() => classify(random.subarray(24))).toThrow('cannot judge a single recording');
  });

  it('read sequences, and refuse those that are too short', async () => {
    const { summary } = await train('cnn', { params: { epochs: 1 }, shape: [9, 5] });
    expect(summary.layers[0].outputShape).toEqual([9, 64]);
    await expect(train('cnn', { shape: [7, 5] })).rejects.toMatchObject({
      name: 'StageFailure',
      message: expect.stringContaining('7 steps are too few'),
    });
    await expect(train('cnn', { shape: [2, 3, 4] })).rejects.toMatchObject({ name: 'StageFailure' });
  });

  it('read vectors as they are where the network is a multilayer perceptron', async () => {
    const { summary } = await train('mlp', {
      params: { epochs: 1, units: [7, 5], inputDropout: 0.2 },
      shape: [4, 6],
    });
    expect(summary.layers.map(({ type, outputShape }) => [type, ...outputShape])).toEqual([
      ['Dropout', 24],
      ['Dense', 7],
      ['Dropout', 7],
      ['Dense', 5],
      ['Dropout', 5],
      ['Dense', 4],
    ]);
    expect(summary.parameters.total).toBe(24 * 7 + 7 + 7 * 5 + 5 + 5 * 4 + 4);
  });

  describe('refit', () => {
    const params = { epochs: 3, schedule: 'cosine', earlyStopping: null, inputDropout: 0.1, mixup: 0.3 };

    it('trains again with the validation part, which is still judged by the first weights', async () => {
      const once = await train('mlp', { params });
      const twice = await train('mlp', { params: { ...params, refit: true } });
      const ofPart = ({ predictions }: typeof once, part: string): unknown =>
        predictions.filter(({ cells }) => cells.part === part);
      expect(sameRows(ofPart(twice, 'validation'), ofPart(once, 'validation'))).toBe(true);
      for (const part of ['train', 'test']) {
        expect(sameRows(ofPart(twice, part), ofPart(once, part))).toBe(false);
      }
      expect(twice.summary.folds).toEqual(once.summary.folds);
      expect(twice.summary.notes.at(-1)).toContain('Trained again on training and validation part');
      expect(twice.output.documents.get('models/fold0/scaler.json')).toEqual(
        once.output.documents.get('models/fold0/scaler.json'),
      );
    });

    it('goes on where it was killed in the second fit as if nothing had been', async () => {
      const undisturbed = await train('mlp', { params: { ...params, refit: true } });
      const checkpoints = newFolder('checkpoints-');
      const killed = train('mlp', {
        params: { ...params, refit: true },
        checkpoints,
        progress: ({ done }, controller) => {
          if (done === 5) controller.abort();
        },
      });
      await expect(killed).rejects.toMatchObject({ name: 'AbortError' });
      const seen: number[] = [];
      const resumed = await train('mlp', {
        params: { ...params, refit: true },
        checkpoints,
        progress: ({ done, total }) => {
          expect(total).toBe(12);
          seen.push(done);
        },
      });
      expect(seen).toEqual([6, 7, 8, 9, 10, 11, 12]);
      expect(resumed.weights.join() === undisturbed.weights.join()).toBe(true);
      expect(sameRows(resumed.predictions, undisturbed.predictions)).toBe(true);
    });

    it.each([{ earlyStopping: { patience: 2 } }, { schedule: 'plateau' }])(
      'is refused with %j, which would need rows aside',
      async (also) => {
        await expect(train('mlp', { params: { ...params, ...also, refit: true } })).rejects.toMatchObject({
          name: 'StageFailure',
          place: 'refit',
          hint: expect.stringContaining('earlyStopping: null'),
        });
      },
    );
  });

  it('leave neither tensors nor sessions behind', async () => {
    const tf = await loadTensorflow(1);
    const counts = (): number[] => [tf.memory().numTensors, tf.node.getNumOfSavedModels()];
    const before = counts();
    const during: number[] = [];
    await train('cnn', { progress: () => during.push(tf.memory().numTensors) });
    expect(new Set(during).size).toBe(1);
    expect(counts()).toEqual(before);
  });
});
