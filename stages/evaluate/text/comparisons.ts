import type { Evaluation, ModelComparison } from '../evaluation/types.ts';
import { counted, decimal, percent } from './format.ts';

type Compared = Pick<Evaluation, 'models' | 'choice' | 'comparisons' | 'confidence'>;

/** What the order of the models is by. */
export function bestBy({ models, choice }: Pick<Evaluation, 'models' | 'choice'>): string {
  if (models.length === 1) return 'The one model.';
  return choice.by === 'validation'
    ? 'All models, best validation accuracy first.'
    : 'All models, best test accuracy first: the first is chosen on the test part, which flatters its figures.';
}

/** What the table of pairs says, and what it does not. */
export function comparisonCaveat({ comparisons }: Compared): string {
  const [{ clips, units, unit, reason, method, smallestP }] = comparisons;
  const what =
    `Differences of test accuracy in points, the first model’s minus the second’s, over ${counted(clips, 'clip')} of ` +
    `${counted(units, unit)}.`;
  const counts = unit === 'speaker' ? ' Speakers are the independent units, not their clips.' : '';
  if (reason !== null) return `${what}${counts} No p and no interval: ${reason}.`;
  return (
    `${what}${counts} p is two-sided (${method}; the least possible is ${written(smallestP)}), then corrected by ` +
    `Holm for ${counted(comparisons.length, 'pair')}.`
  );
}

export function comparisonHeads({ confidence, comparisons }: Compared): string[] {
  return [
    'pair',
    'difference',
    `${percent(confidence, 0)} interval`,
    'p',
    ...(comparisons.length > 1 ? ['p, Holm'] : []),
  ];
}

/** One pair, as `comparisonHeads` heads it. */
export function comparisonCells(comparison: ModelComparison, { models, comparisons }: Compared): string[] {
  const label = (slug: string): string => models.find((model) => model.slug === slug)?.label ?? slug;
  const { first, second, difference, interval, p, pHolm } = comparison;
  return [
    `${label(first)} / ${label(second)}`,
    signed(difference),
    interval === null ? '–' : `${signed(interval.low)} – ${signed(interval.high)}`,
    written(p),
    ...(comparisons.length > 1 ? [written(pHolm)] : []),
  ];
}

/** `0.0123` → `+1.2`, in points. */
function signed(difference: number): string {
  const text = (Math.abs(difference) * 100).toFixed(1);
  if (text === '0.0') return text;
  return `${difference < 0 ? '−' : '+'}${text}`;
}

function written(p: number | null): string {
  if (p === null) return '–';
  return p < 0.001 ? '< 0.001' : decimal(p, 3);
}
