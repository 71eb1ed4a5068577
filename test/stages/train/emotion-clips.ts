import type { InputArtifact } from '../../../runner/kind/index.ts';
import { RandomState } from '../../../stages/random/index.ts';
import { splitParams } from '../../../stages/train/split/params.ts';
import { run as runSplit } from '../../../stages/train/split/run.ts';
import type { StageRig } from './stage-rig.ts';

export const emotions = ['neutral', 'happy', 'angry'];
export const dimension = 8;

/** Clips of six speakers whose first features tell the emotion, with noise and something of the speaker. */
export const clips = ['01', '02', '03', '04', '05', '06'].flatMap((speaker, speakerIndex) =>
  emotions.flatMap((emotion, emotionIndex) =>
    Array.from({ length: 6 }, (_, take) => {
      const random = new RandomState(speakerIndex * 100 + emotionIndex * 10 + take);
      const features = Float32Array.from(
        { length: dimension },
        (_, i) => random.normal() + (i === emotionIndex ? 3 : 0),
      );
      features[dimension - 1] += 5 * speakerIndex;
      return { id: `${speaker}/${emotion}-${take}.wav`, emotion, emotionIndex, speaker, features };
    }),
  ),
);

export function featureTable(
  rig: StageRig,
  options: {
    shape?: readonly number[];
    change?: (features: Float32Array, speaker: string) => Float32Array;
  } = {},
): Promise<InputArtifact> {
  const { shape = [dimension], change = (features: Float32Array) => features } = options;
  return rig.table(
    'mfcc',
    { features: { type: 'tensor', shape } },
    clips.map(({ id, features, speaker }) => ({ id, features: change(features, speaker) })),
  );
}

export async function splitOf(rig: StageRig, params: object): Promise<InputArtifact> {
  const table = await rig.table(
    'ingest',
    { emotion: { type: 'utf8' }, emotionIndex: { type: 'int32' }, speaker: { type: 'utf8' } },
    clips.map(({ id, emotion, emotionIndex, speaker }) => ({ id, emotion, emotionIndex, speaker })),
  );
  return rig.run('split', runSplit, splitParams.parse(params), { clips: table });
}

export interface PredictionRow {
  readonly id: string;
  readonly clip: string;
  readonly fold: number;
  readonly part: string;
  readonly label: number;
  readonly predicted: number;
  readonly probabilities: readonly number[];
}

export async function predictionsOf(artifact: InputArtifact): Promise<PredictionRow[]> {
  const table = await artifact.table('predictions');
  const { data, shape } = table.tensor('probabilities');
  return table.ids.map((id, row) => ({
    id,
    clip: table.text('clip')[row],
    fold: table.numbers('fold')[row],
    part: table.text('part')[row],
    label: table.numbers('emotionIndex')[row],
    predicted: table.numbers('predictedIndex')[row],
    probabilities: Array.from(data.subarray(row * shape[0], (row + 1) * shape[0])),
  }));
}

export async function testAccuracy(artifact: InputArtifact): Promise<number> {
  const tested = (await predictionsOf(artifact)).filter(({ part }) => part === 'test');
  return tested.filter(({ label, predicted }) => label === predicted).length / tested.length;
}
