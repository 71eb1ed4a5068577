import { randomStream } from '../../../../stages/train/neural/random.ts';
import type { Cell, Columns, InputArtifact } from '../../../../runner/kind/index.ts';
import { inputTable, MemoryArtifact } from '../memory-artifacts.ts';

export const emotions = ['neutral', 'happy', 'sad', 'angry'];

const parts = ['train', 'train', 'train', 'validation', 'test'] as const;

/**
 * Clips whose emotion shows in level and in ripple of their features, with two folds; 40 train, 10 validation and 10 test
 * rows each. `stepsOf`: of sequences of unequal length, whose steps have `shape`, how many the clip of a number has.
 */
export async function trainingInputs(
  shape: readonly number[],
  stepsOf?: (clip: number) => number,
): Promise<{ features: InputArtifact; split: InputArtifact }> {
  const random = randomStream(17);
  const dimension = shape.reduce((product, size) => product * size, 1);
  const clips = Array.from({ length: 60 }, (_, i) => ({
    id: `clip${String(i).padStart(2, '0')}.wav`,
    label: i % 4,
  }));
  const features = await inputTable(
    'mfcc',
    { features: { type: stepsOf === undefined ? 'tensor' : 'sequence', shape }, frames: { type: 'int32' } },
    clips.map(({ id, label }, clip) => ({
      id,
      features: Float32Array.from(
        { length: dimension * (stepsOf?.(clip) ?? 1) },
        (_, j) => 5 * random.normal() + 100 + (label % 2) * 8 + (label > 1 ? 8 * (-1) ** j : 0),
      ),
      frames: 1,
    })),
  );
  const columns: Columns = {
    ...{ emotion: { type: 'utf8' }, emotionIndex: { type: 'int32' }, speaker: { type: 'utf8' } },
    ...{ fold0: { type: 'utf8' }, fold1: { type: 'utf8' } },
  };
  const split = new MemoryArtifact('split');
  const table = await split.table('table', columns);
  for (const [i, { id, label }] of clips.entries()) {
    const cells: Record<string, Cell> = {
      emotion: emotions[label],
      emotionIndex: label,
      speaker: String(i % 5),
      fold0: parts[i % 5],
      fold1: parts[(i + 1) % 5],
    };
    await table.write(id, cells);
  }
  await split.json('split.json', {
    kind: 'speaker',
    folds: 2,
    seed: 1,
    validation: 'own',
    emotions,
    foldNames: ['first', 'second'],
    notes: [],
  });
  return { features, split: await split.asInput() };
}
