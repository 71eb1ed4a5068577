import type { Problem } from '../errors.ts';
import { formatTable } from '../inspect/format/text-table.ts';
import type { PredictFunction, Prediction } from '../kind/index.ts';

export interface PredictedFile {
  /** As the user named it. */
  readonly file: string;
  readonly prediction: Prediction;
}

/** A line a file: what it is taken for, how surely, and what else it may be, the likeliest first. */
export function predictionTable(
  { target, labels }: Pick<PredictFunction, 'target' | 'labels'>,
  files: readonly PredictedFile[],
  width: number,
): string[] {
  const header = { cells: ['file', target, 'probability'], rest: 'others' };
  const rows = files.map(({ file, prediction }) => {
    const [first, ...others] = ranked(labels, prediction);
    return {
      cells: [file, first.label, percent(first.probability)],
      rest: others
        .map(({ label, probability }) => `${label} ${percent(probability)}`.replaceAll(' ', '\u00a0'))
        .join(', '),
    };
  });
  return formatTable([header, ...rows], width, new Set([2]));
}

/** One JSON object on a line; probabilities in the order of the labels. */
export function predictionJson(
  stage: string,
  { target, labels }: Pick<PredictFunction, 'target' | 'labels'>,
  { file, prediction }: PredictedFile,
): string {
  const [{ label, probability }] = ranked(labels, prediction);
  return JSON.stringify({
    file,
    [target]: label,
    probability,
    probabilities: Object.fromEntries(labels.map((name, at) => [name, prediction.probabilities[at]])),
    model: stage,
    ...prediction.details,
  });
}

/** One JSON object on a line for a file that there is no prediction of. */
export function problemJson(file: string, { message, hint }: Problem): string {
  return JSON.stringify({ file, problem: message, ...(hint !== undefined && { hint }) });
}

function ranked(
  labels: readonly string[],
  { probabilities }: Prediction,
): { label: string; probability: number }[] {
  return labels
    .map((label, at) => ({ label, probability: probabilities[at] }))
    .sort((a, b) => b.probability - a.probability);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
