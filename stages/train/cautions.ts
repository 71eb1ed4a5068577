import type { LabelledFolds } from './dataset.ts';

/** What makes the models of some folds worth nothing, though they can be fitted: too little to learn from. */
export function trainingCautions({
  folds,
  labels,
  emotions,
}: Pick<LabelledFolds, 'folds' | 'labels' | 'emotions'>): string[] {
  return folds.flatMap(({ index, name, train }) => {
    const place = `Fold ${index + 1} (${name})`;
    if (train.length === 1) {
      return [`${place} was trained on one clip, of ${emotions[labels[train[0]]]}: its figures say nothing.`];
    }
    const heard = new Set(Array.from(train, (row) => labels[row]));
    if (heard.size !== 1) return [];
    const [only] = heard;
    return [`${place} was trained on clips of one emotion, ${emotions[only]}: it knows no other to name.`];
  });
}
