import type { Pipeline } from '../config/pipeline.ts';
import { marks, stateOf } from './states.ts';
import type { States } from './states.ts';
import { kindOf } from './text.ts';

/** The DAG as a Mermaid flow chart, without a line feed at the end. */
export function dagMermaid(pipeline: Pipeline, states: States): string {
  const ids = new Map(pipeline.instances.map(({ name }, i) => [name, `stage${i + 1}`]));
  const nodes = pipeline.instances.map((instance) => {
    const state = stateOf(states, instance.name);
    const label = `${marks[state]} ${escape(instance.name)}<br><small>${escape(kindOf(instance))}</small>`;
    return `  ${ids.get(instance.name)!}["${label}"]:::${state}`;
  });
  const edges = pipeline.instances.flatMap(({ name, inputs }) =>
    [...new Set(Object.values(inputs).flat())].map((input) => `  ${ids.get(input)!} --> ${ids.get(name)!}`),
  );
  return [
    'flowchart LR',
    ...nodes,
    ...edges,
    '  classDef cached stroke:#2e8b57,stroke-width:2px',
    '  classDef stale stroke:#d2691e,stroke-width:2px,stroke-dasharray:5 3',
    '  classDef unknown stroke:#808080,stroke-width:1px,stroke-dasharray:2 3',
    ...([...states.values()].includes('ran') ? ['  classDef ran stroke:#3a7bd5,stroke-width:2px'] : []),
  ].join('\n');
}

/** Mermaid's entities for what would end a label or be read as markup. */
function escape(text: string): string {
  return text
    .replaceAll('#', '#35;')
    .replaceAll('"', '#quot;')
    .replaceAll('<', '#lt;')
    .replaceAll('>', '#gt;')
    .replaceAll('`', '#96;');
}
