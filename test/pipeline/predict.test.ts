import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copyFile } from 'node:fs/promises';
import { openInputArtifact } from '../../runner/artifact/index.ts';
import { Project } from '../support/rig.ts';

const clip = '03-01-05-01-01-01-02.wav';

const pipeline = `stages:
  corpus: {uses: corpus, with: {speakers: 4, clipsPerEmotion: 2}}
  ingest: {uses: ingest, in: {files: corpus}}
  audio: {uses: preprocess, matrix: {sampleRate: [48000, 16000]}, in: {clips: ingest}}
  mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}, with: {coefficients: 13}}
  encoder: {uses: features/encoder, in: {clips: "audio[16000]"}, with: {model: demo/tiny-wav2vec2}}
  split: {uses: train/split, in: {clips: ingest}, with: {kind: speaker, folds: 2}}
  forest: {uses: train/random-forest, in: {features: mfcc, split: split}, with: {trees: 20}}
  network: {uses: train/cnn, in: {features: mfcc, split: split}, with: {epochs: 2}}
  regression: {uses: train/logistic-regression, in: {features: encoder, split: split}}
  speaker:
    uses: train/logistic-regression
    in: {features: mfcc, split: split}
    with: {normalizeBySpeaker: true}
  together: {uses: train/ensemble, in: {models: [forest, network, regression], split: split}}
  evaluate: {uses: evaluate, in: {models: [forest, network, regression, together], split: split}}
`;

interface Predicted {
  readonly file: string;
  readonly emotion: string;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
  readonly model: string;
  readonly folds: readonly { readonly temperature: number; readonly probabilities: Record<string, number> }[];
}

/** A small demo corpus, every kind of model, in a workspace of its own by the real command. */
describe('pipeline predict', () => {
  let project: Project;
  let elsewhere: Project;

  beforeAll(async () => {
    project = await Project.create({ 'pipeline.yaml': pipeline });
    for (const name of ['stages', 'node_modules', 'demo']) await project.link(name);
    elsewhere = await Project.create({ 'broken.wav': 'this is no sound' });
    const { code, stderr } = await project.run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    await copyFile(project.path(`artifacts/corpus/clips/${clip}`), elsewhere.path('Me, at home.wav'));
  }, 600_000);

  afterAll(async () => {
    await project.remove();
    await elsewhere.remove();
  });

  const linesOf = (stdout: string): Predicted[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Predicted);

  const predict = async (...args: string[]): Promise<Predicted[]> => {
    const { code, stdout, stderr } = await project.pipeline('predict', '--json', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return linesOf(stdout);
  };

  /** What the pipeline itself predicted of the clip, by fold. */
  const trained = async (stage: string): Promise<number[][]> => {
    const path = project.path(`artifacts/${stage}/predictions.arrow`);
    const files = new Map([['predictions.arrow', path]]);
    const table = await openInputArtifact({ stage, files, measurements: {} }).table('predictions');
    const { data, shape } = table.tensor('probabilities');
    const folds = table.numbers('fold');
    const found: number[][] = [];
    for (const [row, name] of table.text('clip').entries()) {
      if (!name.endsWith(clip)) continue;
      found[folds[row]] = [...data.subarray(row * shape[0], (row + 1) * shape[0])];
    }
    return found;
  };

  it.each(['forest', 'network', 'regression', 'together'])(
    'says of a clip what %s said of it in the pipeline, whatever the file is called',
    async (stage) => {
      const [predicted] = await predict(elsewhere.path('Me, at home.wav'), '--model', stage);
      const expected = await trained(stage);
      expect(expected).toHaveLength(2);
      expect(predicted.folds).toHaveLength(2);
      for (const [fold, probabilities] of expected.entries()) {
        const said = Object.values(predicted.folds[fold].probabilities);
        const furthest = Math.max(
          ...said.map((probability, at) => Math.abs(probability - probabilities[at])),
        );
        expect(furthest).toBeLessThan(1e-6);
      }
    },
  );

  it('gives the mean of the calibrated folds', async () => {
    const [{ probabilities, folds, probability, emotion }] = await predict(
      ...[elsewhere.path('Me, at home.wav'), '--model', 'forest'],
    );
    expect(folds.some(({ temperature }) => Math.abs(temperature - 1) > 0.01)).toBe(true);
    const calibrated = folds.map(({ temperature, probabilities: said }) => {
      const powers = Object.values(said).map((value) => Math.max(value, 1e-6) ** (1 / temperature));
      const sum = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / sum);
    });
    for (const [at, [name, value]] of Object.entries(probabilities).entries()) {
      expect(value).toBeCloseTo((calibrated[0][at] + calibrated[1][at]) / 2, 9);
      expect(value).toBeLessThanOrEqual(probability);
      if (value === probability) expect(name).toBe(emotion);
    }
  });

  it('takes the model that the evaluation ranks first by itself', async () => {
    const { choice } = JSON.parse(await project.read('artifacts/evaluate/metrics.json')) as {
      choice: { by: string; order: string[] };
    };
    const [{ model }] = await predict(elsewhere.path('Me, at home.wav'));
    expect({ by: choice.by, model }).toEqual({ by: 'validationAccuracy', model: choice.order[0] });
  });

  it('names a broken file among good ones and predicts the others', async () => {
    const good = elsewhere.path('Me, at home.wav');
    const { code, stdout, stderr } = await project.pipeline(
      'predict',
      good,
      elsewhere.path('broken.wav'),
      good,
    );
    expect(code).toBe(1);
    expect(stderr).toContain(`${elsewhere.path('broken.wav')}: not a wav file\n`);
    expect(stdout.split('\n').filter((line) => line.startsWith(good))).toHaveLength(2);
  });

  it('judges recordings by each other where the model normalises by speaker, and not a single one', async () => {
    const good = elsewhere.path('Me, at home.wav');
    const { code, stdout, stderr } = await project.pipeline('predict', good, '--model', 'speaker');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(
      'speaker: this model normalises by speaker and cannot judge a single recording\n',
    );
    const several = await project.pipeline(
      ...[
        'predict',
        good,
        project.path('artifacts/corpus/clips/03-01-02-01-01-01-02.wav'),
        '--model',
        'speaker',
      ],
    );
    expect(several.code).toBe(0);
    expect(several.stderr).toContain('all recordings of one call are taken to be of one speaker');
  });

  it('gives the same numbers by an exported model in an empty workspace', async () => {
    const exported = await project.pipeline('export', 'together', elsewhere.path('model'));
    expect({ code: exported.code, stderr: exported.stderr }).toEqual({ code: 0, stderr: '' });
    const [there] = await predict(elsewhere.path('Me, at home.wav'), '--model', 'together');
    const here = await elsewhere.pipeline('predict', 'Me, at home.wav', '--from', 'model', '--json');
    expect({ code: here.code, stderr: here.stderr }).toEqual({ code: 0, stderr: '' });
    expect(linesOf(here.stdout)).toEqual([{ ...there, file: 'Me, at home.wav' }]);
  });

  it('tells in the model card what the figures of the evaluation are', async () => {
    await project.pipeline('export', 'forest', elsewhere.path('forest'));
    const card = await elsewhere.read('forest/README.md');
    const { results } = JSON.parse(await project.read('artifacts/evaluate/metrics.json')) as {
      results: {
        stage: string;
        testAccuracy: number;
        macroF1: number;
        perClass: { emotion: string; precision: number; recall: number; f1: number; support: number }[];
      }[];
    };
    const { testAccuracy, macroF1, perClass } = results.find(({ stage }) => stage === 'forest')!;
    expect(card).toContain(`Accuracy ${(100 * testAccuracy).toFixed(1)} %`);
    expect(card).toContain(`macro F1 ${macroF1.toFixed(3)}`);
    for (const { emotion, precision, recall, f1, support } of perClass) {
      const figures = [precision, recall, f1].map((figure) => figure.toFixed(3));
      expect(card).toContain(`| ${[emotion, ...figures, String(support)].join(' | ')} |`);
    }
    expect(card).toMatch(/calibration error on the test clips: 0\.\d{3} before, 0\.\d{3} after/);
    expect(card).toContain('The recordings are synthetic');
  });
});
