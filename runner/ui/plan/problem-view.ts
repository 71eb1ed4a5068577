import { readFileSync } from 'node:fs';
import { excerpt, formatPlace, PipelineError, type Problem } from '../../errors.ts';
import { failureOf } from '../../execute/failure.ts';
import type { ProblemView } from '../model/plan.ts';

/** Problems as the page shows them, each with the line it points at where its file can be read. */
export function problemViews(problems: readonly Problem[]): ProblemView[] {
  return problems.map((problem) => {
    const { message, hint, place, stage } = problem;
    const where = place === undefined ? stage : formatPlace(place);
    const lines = place?.line === undefined ? [] : excerpt(place, readText(place.file));
    return {
      message,
      ...(where !== undefined && { place: where }),
      ...(lines.length > 0 && { excerpt: lines.flat().join('\n') }),
      ...(hint !== undefined && { hint }),
    };
  });
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** Whatever was thrown, as problems. */
export function problemsOf(error: unknown): readonly Problem[] {
  if (error instanceof PipelineError) return error.problems;
  const { message, hint, place } = failureOf(error);
  return [
    {
      message,
      ...(place !== undefined && { place: { file: place } }),
      ...(hint !== undefined && { hint }),
    },
  ];
}
