import { count, list, percent } from '../text/format.ts';
import type { Evaluation, ModelEvaluation, PublishedResult } from './types.ts';

/** The models, best test accuracy first. */
export function ranked(evaluation: Evaluation): ModelEvaluation[] {
  return evaluation.models.toSorted((a, b) => b.testAccuracy - a.testAccuracy || b.uar - a.uar);
}

/** Emotions that share a recall, as a table's cell: `angry` or `happy and sad` or `5 emotions`, and `82%`. */
interface RecallCell {
  readonly emotions: string;
  readonly recall: string;
}

/** Best and weakest emotion of the test part by recall. */
export function bestAndWeakest(model: ModelEvaluation): { best: RecallCell; weakest: RecallCell } {
  const tested = model.classes.filter((figures) => figures.support > 0);
  const recalls = tested.map((figures) => figures.recall);
  const cell = (recall: number): RecallCell => {
    const emotions = tested.filter((figures) => figures.recall === recall).map((figures) => figures.emotion);
    return {
      emotions: emotions.length <= 3 ? list(emotions) : `${count(emotions.length)} emotions`,
      recall: percent(recall, 0),
    };
  };
  return { best: cell(Math.max(...recalls)), weakest: cell(Math.min(...recalls)) };
}

/** Published figures that belong beside a model. */
export function publishedFor(evaluation: Evaluation, model: ModelEvaluation): PublishedResult[] {
  return evaluation.published.filter(
    (result) =>
      result.model === model.model && (result.features === undefined || result.features === model.features),
  );
}
