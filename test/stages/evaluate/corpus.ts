import type { InputArtifact } from '../../../runner/kind/index.ts';
import { history, splitArtifact, trainingArtifact, type Answer, type Clip } from './artifacts.ts';

export const emotions = ['neutral', 'calm', 'happy', 'sad', 'angry', 'fearful', 'disgust', 'surprised'];

/** A reproducible stream of numbers below 1 (Park and Miller's generator). */
export function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Clips named as RAVDESS names them; `folds` folds by speaker, or one random fold. */
export function corpus(speakers: number, folds: number): Clip[] {
  const next = stream(7);
  const clips: Clip[] = [];
  for (let speaker = 1; speaker <= speakers; speaker++) {
    for (const [index, emotion] of emotions.entries()) {
      for (let take = 1; take <= (emotion === 'neutral' ? 2 : 4); take++) {
        const name = String(speaker).padStart(2, '0');
        const id = `Actor_${name}/03-01-0${index + 1}-01-0${take > 2 ? 2 : 1}-0${((take - 1) % 2) + 1}-${name}.wav`;
        const roles = Array.from({ length: folds }, (_, fold) => {
          if (folds === 1) return next() < 0.2 ? 'test' : 'train';
          const turn = speaker % folds;
          return turn === fold ? 'test' : turn === (fold + 1) % folds ? 'validation' : 'train';
        });
        clips.push({ id, emotion, speaker: name, roles });
      }
    }
  }
  return clips;
}

/** A model that is right with a probability of its own for each emotion, and confuses neighbours. */
export function modelOf(skill: number, trainSkill: number, seed: number): Answer {
  const next = stream(seed);
  return (clip, _fold, part) => {
    const truth = emotions.indexOf(clip.emotion);
    const easier = part === 'train' ? trainSkill : skill + 0.2 * Math.sin(truth * 2.1 + seed);
    const shift = next() < 0.6 ? 1 : Math.floor(next() * emotions.length);
    const named = next() < easier ? truth : (truth + shift) % emotions.length;
    const weights = emotions.map((_, index) => 0.3 * next() + (index === named ? 0.4 + 2 * next() : 0));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / total);
  };
}

const cnnLstmLayers = [
  { name: 'conv1d', type: 'Conv1D', outputShape: [160, 64], parameters: 256 },
  { name: 'batch_normalization', type: 'BatchNormalization', outputShape: [160, 64], parameters: 256 },
  { name: 'max_pooling1d', type: 'MaxPooling1D', outputShape: [80, 64], parameters: 0 },
  { name: 'lstm', type: 'LSTM', outputShape: [64], parameters: 33024 },
  { name: 'dense', type: 'Dense', outputShape: [8], parameters: 520 },
];

/** Artifacts that look like those of a whole run: three networks and a forest. */
export function likeARun(speakers: number, folds: number): { split: InputArtifact; models: InputArtifact[] } {
  const clips = corpus(speakers, folds);
  const network = (
    model: string,
    skill: number,
    trainSkill: number,
    epochs: number,
    seed: number,
  ): InputArtifact =>
    trainingArtifact(
      `train[${model},mfcc]`,
      clips,
      modelOf(skill, trainSkill, seed),
      {
        emotions,
        model,
        features: 'mfcc',
        layers: cnnLstmLayers,
        parameters: { total: 34056, trainable: 33928 },
        hyperparameters: { batchSize: 36, learningRate: 0.001, focalGamma: 2, standardize: true },
        folds: Array.from({ length: folds }, (_, fold) => ({
          fold,
          seed: 42 + fold,
          epochs: epochs - fold,
          bestEpoch: epochs - fold - 6,
          history: history(epochs - fold, epochs - fold - 6, trainSkill),
        })),
      },
      { fitSeconds: epochs * 2.9 },
    );
  const forest = trainingArtifact(
    'train[random-forest,wav2vec2]',
    clips,
    modelOf(0.48, 1, 29),
    {
      emotions,
      model: 'random-forest',
      features: 'wav2vec2',
      parameters: { total: 0, trainable: 0 },
      hyperparameters: { trees: 100, maxFeatures: 'sqrt' },
      notes: ['The encoder’s weights are random: its figures show that the chain works, not what it can do.'],
    },
    { fitSeconds: 0.26 },
  );
  return {
    split: splitArtifact(clips, {
      emotions,
      kind: folds > 1 ? 'speaker' : 'random',
      validation: folds > 1 ? 'own' : 'test',
    }),
    models: [
      network('lstm', 0.22, 0.22, 30, 11),
      network('cnn', 0.46, 0.52, 30, 13),
      network('cnn-lstm', 0.64, 0.9, 24, 17),
      forest,
    ],
  };
}
