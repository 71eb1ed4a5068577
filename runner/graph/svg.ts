import type { Pipeline, StageInstance } from '../config/pipeline.ts';
import { layOut } from './layout.ts';
import type { Box, Layout, Point } from './layout.ts';
import { legendOf, marks, stateOf } from './states.ts';
import type { States } from './states.ts';
import { kindOf } from './text.ts';

/** Sizes in px. The widths of letters are those of common monospaced fonts, rounded up. */
const nameLetter = 8;
const kindLetter = 6.8;
const padding = 14;
const nodeHeight = 46;
const longestLabel = 40;
const margin = 8;
const legendHeight = 34;

/** The DAG as a picture that stands alone and follows the reader's light or dark scheme. */
export async function dagSvg(pipeline: Pipeline, states: States): Promise<string> {
  const sizes = new Map(pipeline.instances.map((instance) => [instance.name, sizeOf(instance)]));
  const layout = await layOut(sizes, edgesOf(pipeline));
  const edges = layout.edges.map(
    ({ points }) => `<path class="edge" d="${curve(points)}" marker-end="url(#pipeline-dag-arrow)"/>`,
  );
  const nodes = pipeline.instances.map((instance) =>
    drawNode(instance, stateOf(states, instance.name), layout.nodes.get(instance.name)!),
  );
  const { top, right, bottom } = extent(layout);
  const height = bottom - top + legendHeight;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="pipeline-dag" viewBox="0 ${top} ${right} ${height}" width="${right}" height="${height}" role="img" aria-label="The stages and what each takes in">`,
    `<style>${style}</style>`,
    '<defs><marker id="pipeline-dag-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0,0.5 L8,4 L0,7.5 Z"/></marker></defs>',
    ...edges,
    ...nodes,
    legendAt(bottom + legendHeight - 14, states),
    '</svg>',
  ].join('\n');
}

const style = `
.pipeline-dag { --ink: #1f2328; --faint: #59636e; --paper: #ffffff; --line: #8c959f; --cached: #1a7f37; --stale: #bc4c00; --ran: #0969da; }
@media (prefers-color-scheme: dark) {
  .pipeline-dag { --ink: #f0f6fc; --faint: #9198a1; --paper: #161b22; --line: #7d8590; --cached: #3fb950; --stale: #f0883e; --ran: #58a6ff; }
}
.pipeline-dag text { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: var(--ink); font-size: 13px; }
.pipeline-dag .kind, .pipeline-dag .legend { fill: var(--faint); font-size: 11px; }
.pipeline-dag rect { fill: var(--paper); stroke: var(--line); stroke-width: 1.5; }
.pipeline-dag .cached rect { stroke: var(--cached); }
.pipeline-dag .stale rect { stroke: var(--stale); stroke-dasharray: 6 3; }
.pipeline-dag .ran rect { stroke: var(--ran); }
.pipeline-dag .unknown rect { stroke-dasharray: 2 3; }
.pipeline-dag .cached .mark { fill: var(--cached); }
.pipeline-dag .stale .mark { fill: var(--stale); }
.pipeline-dag .ran .mark { fill: var(--ran); }
.pipeline-dag .edge { fill: none; stroke: var(--line); stroke-width: 1.3; }
.pipeline-dag .arrow { fill: var(--line); }
`;

function sizeOf(instance: StageInstance): { width: number; height: number } {
  const [name, kind] = labels(instance);
  const letters = Math.max((name.length + 2) * nameLetter, kind.length * kindLetter);
  return { width: Math.ceil(letters) + 2 * padding, height: nodeHeight };
}

/** What each instance takes in: from, to. */
export function* edgesOf(pipeline: Pipeline): Generator<readonly [string, string]> {
  for (const { name, inputs } of pipeline.instances) {
    for (const input of Object.values(inputs).flat()) {
      yield [input, name];
    }
  }
}

function labels(instance: StageInstance): [string, string] {
  return [shorten(instance.name), shorten(kindOf(instance))];
}

function shorten(text: string): string {
  return text.length > longestLabel ? `${text.slice(0, longestLabel - 1)}…` : text;
}

function drawNode(instance: StageInstance, state: keyof typeof marks, box: Box): string {
  const [name, kind] = labels(instance);
  const left = box.x - box.width / 2;
  const top = box.y - box.height / 2;
  return [
    `<g class="${state}"><title>${escape(`${instance.name}: ${kindOf(instance)}, ${state}`)}</title>`,
    `<rect x="${left}" y="${top}" width="${box.width}" height="${box.height}" rx="6"/>`,
    `<text x="${left + padding}" y="${top + 20}"><tspan class="mark">${marks[state]}</tspan> ${escape(name)}</text>`,
    `<text class="kind" x="${left + padding}" y="${top + 36}">${escape(kind)}</text></g>`,
  ].join('');
}

/** The path of an edge through all its points, level at each of them. */
export function curve(points: readonly Point[]): string {
  const parts = points.slice(1).map((point, i) => {
    const before = points[i];
    const middle = (before.x + point.x) / 2;
    return `C${at({ x: middle, y: before.y })} ${at({ x: middle, y: point.y })} ${at(point)}`;
  });
  return [`M${at(points[0])}`, ...parts].join(' ');
}

/** What a drawing covers, the legend aside. */
export function extent({ nodes, edges }: Layout): { top: number; right: number; bottom: number } {
  const boxes = [...nodes.values()];
  const bends = edges.flatMap(({ points }) => points);
  const tops = [...boxes.map(({ y, height }) => y - height / 2), ...bends.map(({ y }) => y)];
  const bottoms = [...boxes.map(({ y, height }) => y + height / 2), ...bends.map(({ y }) => y)];
  const rights = boxes.map(({ x, width }) => x + width / 2);
  return {
    top: Math.floor(tops.reduce((a, b) => Math.min(a, b), 0)) - margin,
    right: Math.ceil(rights.reduce((a, b) => Math.max(a, b), 300)) + margin,
    bottom: Math.ceil(bottoms.reduce((a, b) => Math.max(a, b), 0)) + margin,
  };
}

function at({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
}

function legendAt(y: number, states: States): string {
  return `<text class="legend" x="8" y="${y}">${legendOf(states).join('   ')}</text>`;
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
