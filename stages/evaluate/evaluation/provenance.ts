import type { Provenance, RunFacts, StageFacts } from '../../../runner/kind/index.ts';
import { count, counted, list, seconds } from '../text/format.ts';

/** One stage as the tables show it. */
export interface StageRow {
  readonly stage: string;
  readonly kind: string;
  /** `ran` or `cached`. */
  readonly state: string;
  readonly took: string;
  readonly rows: string;
  /** When it was made, and by which run. */
  readonly made: string;
}

interface StageColumn {
  readonly head: string;
  readonly cell: (row: StageRow) => string;
  readonly align?: 'left';
  /** It names the row. */
  readonly header?: true;
}

/** The columns of the tables of stages, on the page and in Markdown. */
export const stageColumns: readonly StageColumn[] = [
  { head: 'stage', align: 'left', header: true, cell: ({ stage }) => stage },
  { head: 'kind', align: 'left', cell: ({ kind }) => kind },
  { head: 'in this run', align: 'left', cell: ({ state }) => state },
  { head: 'took', cell: ({ took }) => took },
  { head: 'rows', cell: ({ rows }) => rows },
  { head: 'made', cell: ({ made }) => made },
];

export function stageRows({ stages }: Provenance): StageRow[] {
  return stages.map(({ stage, kind, cached, wallMs, rows, madeBy }) => ({
    stage,
    kind,
    state: cached ? 'cached' : 'ran',
    took: wallMs === undefined ? '–' : seconds(wallMs / 1000),
    rows: rows === undefined ? '–' : rowsText(rows),
    made: madeBy === undefined ? 'by a run not on record here' : moment(madeBy.started),
  }));
}

function rowsText({ total, reused }: NonNullable<StageFacts['rows']>): string {
  return reused === 0 ? count(total) : `${count(total)}, ${count(reused)} of them reused`;
}

/** Which run shows the report, and what it had to do for it. */
export function runSentence({ run, stages }: Provenance): string {
  const ran = stages.filter(({ cached }) => !cached).length;
  const cached = stages.length - ran;
  const profile = run.profile === undefined ? '' : `, profile ${run.profile}`;
  const work =
    ran === stages.length
      ? `All ${counted(ran, 'stage')} ran.`
      : ran === 0
        ? `All ${counted(stages.length, 'stage')} were cached.`
        : `Of ${counted(stages.length, 'stage')} ${count(ran)} ran, ${count(cached)} ${cached === 1 ? 'was' : 'were'} cached.`;
  return `Shown by run ${run.id} of ${moment(run.started)}${profile}. ${work}`;
}

/** How long all stages took when they ran, were they run one after the other. */
export function totalTime({ stages }: Provenance): string {
  return seconds(stages.reduce((sum, { wallMs }) => sum + (wallMs ?? 0), 0) / 1000);
}

/** What the stages ran under: a name and a value each. */
export function versions({ run, stages }: Provenance): [string, string][] {
  const runs = new Map<string, RunFacts>([[run.id, run]]);
  for (const { madeBy } of stages) if (madeBy !== undefined) runs.set(madeBy.id, madeBy);
  const environments = [...runs.values()].flatMap(({ environment }) => environment ?? []);
  const distinct = (values: readonly string[]): string => [...new Set(values)].join(', ');
  return [
    ['Node', distinct(environments.map(({ node }) => node))],
    ['platform', distinct(environments.map(({ platform }) => platform))],
    [
      'processor',
      distinct(environments.map(({ processor, cpus }) => `${processor}, ${counted(cpus, 'core')}`)),
    ],
    ...packages(stages),
  ];
}

/** Versions of the npm packages that the stages' code imports, without the digests of what these need themselves. */
function packages(stages: readonly StageFacts[]): [string, string][] {
  const found = new Map<string, Set<string>>();
  for (const stage of stages) {
    for (const [name, version] of Object.entries(stage.packages)) {
      const known = found.get(name) ?? new Set();
      found.set(name, known.add(version.replace(/\+[0-9a-f]{12}$/, '')));
    }
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, known]): [string, string] => [name, [...known].join(', ')]);
}

/** The seeds of all stages that have one, in one sentence; empty where none has. */
export function seeds({ stages }: Provenance): string {
  const bySeed = new Map<string, string[]>();
  for (const { stage, params } of stages) {
    if (typeof params.seed !== 'number') continue;
    const seed = String(params.seed);
    bySeed.set(seed, [...(bySeed.get(seed) ?? []), stage]);
  }
  if (bySeed.size === 0) return '';
  const parts = [...bySeed].map(([seed, names]) => `${seed} of ${list(names)}`);
  return `Seeds: ${parts.join('; ')}.`;
}

/** What decided a stage: its params and the digests of its code and of what it made. */
export function settingsOf({ params, code, key, artifact, inputs }: StageFacts): [string, string][] {
  const taken = Object.entries(inputs).map(([name, names]): [string, string] => [
    `takes in ${name}`,
    names.join(', '),
  ]);
  return [
    ...flattened(params),
    ...taken,
    ['code', short(code)],
    ['key', short(key)],
    ['contents', short(artifact)],
  ];
}

/** `{focal: {gamma: 2}}` as `focal.gamma` and `2`. */
function flattened(params: object, prefix = ''): [string, string][] {
  return Object.entries(params).flatMap(([name, value]): [string, string][] => {
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isObject ? flattened(value as object, `${prefix}${name}.`) : [[prefix + name, written(value)]];
  });
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** As much of a digest as tells it from others. */
function short(digest: string): string {
  return digest.slice(0, 12) || '–';
}

/** `2026-03-01 14:05 UTC`. */
function moment(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
}
