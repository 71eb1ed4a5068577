import { failure, success } from '../errors.ts';
import type { Place, Problem, Result } from '../errors.ts';
import type { Kind } from '../kind/index.ts';
import { grouped, mostInstances } from './bounds.ts';
import type { Composition } from './compose.ts';
import type { Bindings } from './interpolate.ts';
import type { CommandUse } from './pipeline.ts';
import { pathText } from './expectation.ts';
import { issueProblems } from './issues.ts';
import type { Wording } from './issues.ts';
import { isNull, plain } from './located.ts';
import type { Entry, LocatedMap } from './located.ts';
import { expandMatrix } from './matrix.ts';
import { instanceName, stageName } from './names.ts';
import { stageKeys, stageShape } from './shape.ts';
import type { StageShape } from './shape.ts';
import { listed, nearest } from './suggest.ts';

/** A stage as written, its keys checked, with the instances its matrix makes. */
export interface Stage {
  readonly name: string;
  /** The place of its name. */
  readonly place: Place;
  readonly node: LocatedMap;
  readonly shape: StageShape;
  /** The matrix's keys. */
  readonly keys: readonly string[];
  readonly drafts: readonly Draft[];
}

/** An instance on its way to the plan. */
export interface Draft {
  readonly name: string;
  readonly values: readonly string[];
  readonly bindings: Bindings;
  uses: DraftUse | undefined;
  env: readonly string[];
  params: Record<string, unknown> | undefined;
  inputs: Readonly<Record<string, readonly string[]>> | undefined;
  leftOut: string | undefined;
}

export type DraftUse =
  { readonly type: 'kind'; readonly name: string; readonly kind: Kind } | Omit<CommandUse, 'params'>;

export interface Stages {
  /** Those without fault in their own keys, in the order of the yaml. */
  readonly sound: ReadonlyMap<string, Stage>;
  /** Names of the others: known, but not to be looked into. */
  readonly broken: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

/** Checks each stage's keys and expands its matrix. */
export function readStages(composition: Composition, problems: Problem[]): Stages {
  const sound = new Map<string, Stage>();
  const broken = new Set<string>();
  let instances = 0;
  for (const [name, entry] of composition.stages) {
    const before = problems.length;
    const stage = readStage(name, entry, composition, problems);
    instances += stage?.drafts.length ?? 0;
    if (instances > mostInstances) {
      problems.push({
        message: `more than ${grouped(mostInstances)} instances up to ${name}`,
        place: entry.key,
        hint: 'make the matrices smaller, or several pipelines of this one',
      });
      break;
    }
    if (stage !== undefined && problems.length === before) {
      sound.set(name, stage);
    } else {
      broken.add(name);
    }
  }
  return { sound, broken, removed: composition.removed };
}

function readStage(
  name: string,
  entry: Entry,
  composition: Composition,
  problems: Problem[],
): Stage | undefined {
  if (!stageName.test(name)) {
    problems.push({
      message: `a stage cannot be named ${JSON.stringify(name)}`,
      place: entry.key,
      hint: 'a name is letters, digits, _ and -',
    });
    return undefined;
  }
  if (entry.value.type !== 'map') {
    problems.push({ message: `${name} must be a map of its keys, such as uses`, place: entry.key });
    return undefined;
  }
  const node = withoutNulls(entry.value);
  const shape = checkShape(name, { key: entry.key, value: node });
  if (!shape.ok) {
    problems.push(...shape.problems);
    return undefined;
  }
  problems.push(...checkUse(name, entry.key, node, composition));
  const combinations = expandMatrix(name, node, composition.changedMatrix.has(name), problems);
  const matrix = node.entries.get('matrix');
  for (const { values } of combinations) {
    const bytes = Buffer.byteLength(instanceName(name, values));
    if (bytes > longestName) problems.push(tooLong(name, bytes, matrix?.key ?? entry.key));
  }
  return {
    name,
    place: entry.key,
    node,
    shape: shape.value,
    keys: Array.from(combinations[0]?.bindings.keys() ?? []),
    drafts: combinations.map(({ values, bindings }) => ({
      name: instanceName(name, values),
      values,
      bindings,
      uses: undefined,
      env: [],
      params: undefined,
      inputs: undefined,
      leftOut: undefined,
    })),
  };
}

/** Bytes. Folders and logs are named by instances, and most file systems end at 255, of which some is for endings. */
const longestName = 200;

function tooLong(stage: string, bytes: number, place: Place): Problem {
  return {
    message: `an instance of ${stage} would have a name of ${bytes} bytes: folders and logs are named by it, so ${longestName} is the most`,
    place,
    hint: 'shorten the name and the values of its matrix; what is long can stand in with',
  };
}

/** A key without a value is a key not given. */
function withoutNulls(stage: LocatedMap): LocatedMap {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of stage.entries) {
    if (isNull(entry.value)) {
      continue;
    }
    const hasOptionalEntries = key === 'in' || key === 'resources';
    const value = hasOptionalEntries && entry.value.type === 'map' ? withoutNulls(entry.value) : entry.value;
    entries.set(key, { ...entry, value });
  }
  return { ...stage, entries };
}

export function checkShape(name: string, entry: Entry): Result<StageShape> {
  const parsed = stageShape.safeParse(plain(entry.value));
  return parsed.success
    ? success(parsed.data)
    : failure(...issueProblems(parsed.error.issues, entry, wording(name)));
}

function wording(stage: string): Wording {
  return {
    name: (path) => `${pathText(path)} of ${stage}`,
    unknown: (key, path) =>
      `${path.length === 0 ? stage : `${pathText(path)} of ${stage}`} has no key ${key}`,
    known: (path) =>
      path.length === 0 ? stageKeys : path[0] === 'resources' ? ['cpus', 'memory', 'gpus'] : [],
  };
}

/** A stage uses a kind or runs a command. */
function checkUse(name: string, place: Place, node: LocatedMap, { stages, added }: Composition): Problem[] {
  const { entries } = node;
  const run = entries.get('run');
  if (entries.has('uses') && run !== undefined) {
    return [
      {
        message: `${name} has both uses and run`,
        place: run.key,
        hint: 'a stage uses a kind or runs a command',
      },
    ];
  }
  if (run !== undefined) {
    return [];
  }
  if (!entries.has('uses')) {
    const others = [...stages.keys()].filter((other) => other !== name);
    const near = added.has(name) ? nearest(name, others) : undefined;
    const hint = near === undefined ? 'add uses: KIND, or run: COMMAND' : `did you mean ${near}?`;
    return [{ message: `${name} has neither uses nor run`, place, hint }];
  }
  return ['shell', 'deps', 'outs'].flatMap((key) => {
    const entry = entries.get(key);
    return entry === undefined
      ? []
      : [
          {
            message: `${name} uses a kind, which takes no ${key}`,
            place: entry.key,
            hint: `${key} belongs to run: COMMAND`,
          },
        ];
  });
}

/** A name in brackets that is none of the stage's instances. */
export function unknownInstance(stage: Stage, name: string, place: Place): Problem {
  const hint =
    stage.keys.length === 0
      ? `${stage.name} has no matrix`
      : `instances: ${listed(stage.drafts.map((draft) => draft.name))}`;
  return { message: `${stage.name} has no instance ${name}`, place, hint };
}
