import { count, list, percent } from '../text/format.ts';
import type { Evaluation, ModelEvaluation, PublishedResult } from './types.ts';

/** The models, best test accuracy first. */
export function ranked(evaluation: Evaluation): ModelEvaluation[] {
  return evaluation.models.toSorted((a, b) => b.testAccuracy - a.testAccuracy || b.uar - a.uar);
}

/** Best and weakest emotion by recall, as a table's cells: `angry 82%`, `happy, sad 0%`, `5 emotions 0%`. */
export function bestAndWeakest(model: ModelEvaluation): { best: string; weakest: string } {
  const tested = model.classes.filter((figures) => figures.support > 0);
  if (tested.length === 0) return { best: '–', weakest: '–' };
  const recalls = tested.map((figures) => figures.recall);
  const written = (recall: number): string => {
    const emotions = tested.filter((figures) => figures.recall === recall).map((figures) => figures.emotion);
    const names = emotions.length <= 3 ? list(emotions) : `${count(emotions.length)} emotions`;
    return `${names} ${percent(recall, 0)}`;
  };
  return { best: written(Math.max(...recalls)), weakest: written(Math.min(...recalls)) };
}

/** Published figures that belong beside a model. */
export function publishedFor(evaluation: Evaluation, model: ModelEvaluation): PublishedResult[] {
  return evaluation.published.filter(
    (result) =>
      result.model === model.model && (result.features === undefined || result.features === model.features),
  );
}
