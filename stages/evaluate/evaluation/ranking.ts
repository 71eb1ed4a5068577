import type { ValidationFigures } from '../../train/validation.ts';
import { count, list, percent } from '../text/format.ts';
import type { Evaluation, ModelEvaluation, PublishedResult } from './types.ts';

/** What a model is ranked by. `test` is looked at only where some model has no validation figures. */
export interface Ranked {
  readonly validation: ValidationFigures | null;
  readonly test: { readonly accuracy: number; readonly uar: number; readonly macroF1: number } | null;
}

/**
 * The models, best first: the one order of headline, tables and whatever else chooses. By validation accuracy, of equal
 * ones by UAR, macro F1 and loss; by the same figures of the test part where there are no validation figures, which makes
 * those of the first look better than they are. Models with equal figures stay in the order of the input.
 */
export function ranked<Model extends Ranked>(
  models: readonly Model[],
): { readonly by: 'validation' | 'test'; readonly order: readonly Model[] } {
  const by = models.every(({ validation }) => validation !== null) ? 'validation' : 'test';
  const figuresOf = (model: Model): readonly number[] => {
    const figures = model[by]!;
    return [figures.accuracy, figures.uar, figures.macroF1, 'loss' in figures ? -figures.loss : 0];
  };
  const order = models.toSorted((a, b) => {
    const [first, second] = [figuresOf(a), figuresOf(b)];
    const differing = first.findIndex((value, at) => value !== second[at]);
    return differing === -1 ? 0 : second[differing] - first[differing];
  });
  return { by, order };
}

/** The models of an evaluation, best first. */
export function rankedModels({ models, choice }: Pick<Evaluation, 'models' | 'choice'>): ModelEvaluation[] {
  const bySlug = new Map(models.map((model) => [model.slug, model]));
  return choice.order.map((slug) => bySlug.get(slug)!);
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
