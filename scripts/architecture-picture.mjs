/**
 * Draws docs/pictures/architecture.svg, the picture of docs/architecture.md: `node scripts/architecture-picture.mjs`.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';

const [width, height] = [980, 480];
const boxHeight = 58;

/**
 * @typedef {{id: string, x: number, y: number, w: number, name: string, what: string, look?: 'file' | 'stage'}} Box
 * @type {readonly Box[]}
 */
const boxes = [
  { id: 'logging', x: 405, y: 20, w: 170, name: 'logging/', what: 'terminal, lines, JSON' },
  { id: 'events', x: 600, y: 20, w: 170, name: 'events.ts', what: 'all that happens' },
  { id: 'ui', x: 795, y: 20, w: 170, name: 'ui/', what: 'the same in a browser' },
  { id: 'yaml', x: 15, y: 140, w: 170, name: 'pipeline.yaml', what: 'and --profile, --set', look: 'file' },
  { id: 'config', x: 210, y: 140, w: 170, name: 'config/, graph/', what: 'a validated plan' },
  { id: 'plan', x: 405, y: 140, w: 170, name: 'plan/, fingerprint/', what: 'a key for each stage' },
  { id: 'execute', x: 600, y: 140, w: 170, name: 'execute/', what: 'runs what is not cached' },
  {
    id: 'process',
    x: 795,
    y: 140,
    w: 170,
    name: 'a process a stage',
    what: 'its rows on threads',
    look: 'stage',
  },
  { id: 'kinds', x: 15, y: 260, w: 170, name: 'stages/<kind>/', what: 'code and params', look: 'stage' },
  { id: 'code', x: 210, y: 260, w: 170, name: 'code/', what: 'bundles and digests' },
  { id: 'cache', x: 405, y: 260, w: 170, name: 'cache/', what: 'key → artifact, rows' },
  { id: 'tables', x: 795, y: 260, w: 170, name: 'artifact/', what: 'Arrow tables, JSON' },
  { id: 'view', x: 405, y: 380, w: 170, name: 'artifacts/<stage>/', what: 'what people open', look: 'file' },
  { id: 'publish', x: 600, y: 380, w: 170, name: 'publish/', what: 'adds how it was made' },
  { id: 'record', x: 795, y: 380, w: 170, name: 'record/', what: 'pipeline.lock, runs' },
];

/** @type {readonly (readonly [from: string, to: string])[]} */
const edges = [
  ['yaml', 'config'],
  ['config', 'plan'],
  ['plan', 'execute'],
  ['execute', 'process'],
  ['execute', 'events'],
  ['events', 'logging'],
  ['events', 'ui'],
  ['kinds', 'code'],
  ['code', 'config'],
  ['process', 'tables'],
  ['tables', 'cache'],
  ['cache', 'plan'],
  ['cache', 'view'],
  ['record', 'publish'],
  ['publish', 'view'],
];

const style = `
.architecture { --ink: #1f2328; --faint: #59636e; --paper: #ffffff; --line: #8c959f; --file: #0969da; --stage: #1a7f37; }
@media (prefers-color-scheme: dark) {
  .architecture { --ink: #f0f6fc; --faint: #9198a1; --paper: #161b22; --line: #7d8590; --file: #58a6ff; --stage: #3fb950; }
}
.architecture text { font: 13px system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; fill: var(--ink); }
.architecture .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
.architecture .what, .architecture .legend { fill: var(--faint); font-size: 11.5px; }
.architecture rect { fill: var(--paper); stroke: var(--line); stroke-width: 1.4; }
.architecture .file rect { stroke: var(--file); stroke-dasharray: 5 3; }
.architecture .stage rect { stroke: var(--stage); stroke-width: 2; }
.architecture .edge { fill: none; stroke: var(--line); stroke-width: 1.3; }
.architecture .arrow { fill: var(--line); }
`;

/** @param {Box} box */
function drawBox({ x, y, w, name, what, look }) {
  return `<g class="${look ?? 'runner'}"><rect x="${x}" y="${y}" width="${w}" height="${boxHeight}" rx="6"/><text class="name" x="${x + 12}" y="${y + 25}">${escape(name)}</text><text class="what" x="${x + 12}" y="${y + 44}">${escape(what)}</text></g>`;
}

/** @param {readonly [string, string]} edge */
function drawEdge([from, to]) {
  const [a, b] = [boxOf(from), boxOf(to)];
  if (a.y === b.y) {
    const right = b.x > a.x;
    const y = a.y + boxHeight / 2;
    return arrow(`M${right ? a.x + a.w : a.x},${y} H${right ? b.x - 2 : b.x + b.w + 2}`);
  }
  const down = b.y > a.y;
  const [x1, x2] = [a.x + a.w / 2, b.x + b.w / 2];
  const [y1, y2] = down ? [a.y + boxHeight, b.y - 2] : [a.y, b.y + boxHeight + 2];
  return arrow(x1 === x2 ? `M${x1},${y1} V${y2}` : `M${x1},${y1} L${x2},${y2}`);
}

/** @param {string} d */
function arrow(d) {
  return `<path class="edge" d="${d}" marker-end="url(#architecture-arrow)"/>`;
}

/** @param {string} id */
function boxOf(id) {
  const box = boxes.find((each) => each.id === id);
  if (box === undefined) throw new Error(`there is no box ${id}`);
  return box;
}

/** @param {string} text */
function escape(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function picture() {
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="architecture" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="How pipeline.yaml becomes artifacts">`,
    `<style>${style}</style>`,
    '<defs><marker id="architecture-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="arrow" d="M0,0.5 L8,4 L0,7.5 Z"/></marker></defs>',
    ...edges.map(drawEdge),
    ...boxes.map(drawBox),
    '<text class="legend" x="20" y="466">folders of runner/ · green: code of the stages · dashed: files of yours</text>',
    '</svg>',
  ].join('\n')}\n`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(path.join(import.meta.dirname, '..', 'docs', 'pictures', 'architecture.svg'), picture());
}
