import type { Problem } from '../errors.ts';
import { plain, type Located } from './located.ts';

/** What the runner itself tells commands: not of the environment, and in the key by other parts. */
const ownVariables: readonly string[] = [
  'PIPELINE_STAGE',
  'PIPELINE_PARAMS',
  'PIPELINE_INPUTS',
  'PIPELINE_THREADS',
];

/** The variables that a stage says it depends on, sorted: in which order they are written is no difference. */
export function readEnv(node: Located | undefined, stage: string, problems: Problem[]): string[] {
  if (node?.type !== 'list') return [];
  const names = new Set<string>();
  for (const item of node.items) {
    const name = String(plain(item));
    const { place } = item;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      const hint = name.includes('=')
        ? 'env names variables; their values come from the environment'
        : 'a name is letters, digits and _, as in CUDA_VISIBLE_DEVICES';
      problems.push({ message: `${JSON.stringify(name)} names no variable of the environment`, place, hint });
    } else if (ownVariables.includes(name)) {
      const hint = 'take it away: what it holds is part of the key as it is';
      problems.push({ message: `${name} is set by the runner`, place, hint });
    } else if (names.has(name)) {
      problems.push({ message: `env of ${stage} lists ${name} twice`, place });
    }
    names.add(name);
  }
  return [...names].sort();
}
