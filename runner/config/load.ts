import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { failure, success } from '../errors.ts';
import type { Problem, Result } from '../errors.ts';
import { topologicalOrder } from '../graph/order.ts';
import { grouped, mostBytes } from './bounds.ts';
import { compose } from './compose.ts';
import { resolveInputs } from './inputs.ts';
import { distinctProblems } from './distinct.ts';
import { propagateLeftOut } from './left-out.ts';
import { plain } from './located.ts';
import { parseSets } from './overrides.ts';
import { resolveParams } from './params.ts';
import { checkOuts } from './outs/check-outs.ts';
import { parseYaml } from './parse.ts';
import type { KindRegistry, KindUse, CommandUse, Pipeline, StageInstance } from './pipeline.ts';
import { checkRoot, readRoot } from './root.ts';
import { settingsOf, sortOverrides } from './settings.ts';
import { readStages } from './stages.ts';
import type { Draft, Stage } from './stages.ts';
import { resolveUses } from './uses.ts';

export interface LoadOptions {
  /** The path of pipeline.yaml, as it is shown in errors. */
  readonly file: string;
  readonly profile?: string | undefined;
  /** The arguments of `--set`, each `stage.param=value`. */
  readonly set: readonly string[];
  readonly kinds: KindRegistry;
}

/** Reads pipeline.yaml and makes the validated plan of it, or says everything that is wrong with it at once. */
export async function loadPipeline(options: LoadOptions): Promise<Result<Pipeline>> {
  let text: string;
  try {
    text = await readText(options.file);
  } catch (error) {
    return failure(unreadable(options.file, error));
  }
  return planPipeline(text, options);
}

/** A pipe or a device would keep it waiting, or never end. */
async function readText(file: string): Promise<string> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new Error('it is a folder');
    if (!stats.isFile()) throw new Error('it is a pipe or a device');
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function unreadable(file: string, error: unknown): Problem {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT') {
    return {
      message: 'there is no such file',
      place: { file },
      hint: 'run in the folder that has pipeline.yaml, or name it with -f FILE',
    };
  }
  // A socket is refused by the system itself.
  const reason = code === 'ENXIO' ? 'it is a socket' : error instanceof Error ? error.message : String(error);
  return { message: `cannot be read: ${reason}`, place: { file }, hint: 'name a pipeline.yaml with -f FILE' };
}

/** The plan of a text, named `file` in errors. */
export async function planPipeline(text: string, options: LoadOptions): Promise<Result<Pipeline>> {
  const { file, profile } = options;
  const sets = parseSets(options.set);
  const bytes = Buffer.byteLength(text);
  if (bytes > mostBytes) {
    const message = `a pipeline of ${grouped(bytes)} bytes; at most ${grouped(mostBytes)}`;
    return failure({ message, place: { file }, hint: 'say with a matrix what many stages have in common' });
  }
  const parsed = parseYaml(text, file);
  if (!parsed.ok) {
    return failure(...distinctProblems([...sets.problems, ...parsed.problems]));
  }
  const root = readRoot(parsed.value, file);
  if (!root.ok) {
    return failure(...distinctProblems([...sets.problems, ...root.problems]));
  }
  const problems: Problem[] = [...sets.problems, ...checkRoot(root.value)];
  const composition = compose(root.value, profile, sets.overrides);
  problems.push(...composition.problems);
  const stages = readStages(composition, problems);
  await resolveUses(stages, options.kinds, problems);
  const instances = new Map<string, { draft: Draft; stage: Stage; instance: () => StageInstance }>();
  for (const stage of stages.sound.values()) {
    const reaching = composition.overrides.filter((override) => override.target.stage === stage.name);
    const overrides = sortOverrides(stage, reaching, problems);
    resolveParams(stage, overrides.params, problems);
    resolveInputs(stage, stages, problems);
    for (const draft of stage.drafts) {
      const settings = settingsOf(stage, draft, overrides.settings, problems);
      instances.set(draft.name, {
        draft,
        stage,
        instance: () => ({ ...instanceOf(stage, draft), ...settings }),
      });
    }
  }
  const cache = composition.cache && plain(composition.cache.value);
  problems.push(...checkOuts(stages.sound.values(), { ...options, cache }));
  const nodes = Array.from(instances.values(), ({ draft }) => ({
    name: draft.name,
    needs: Object.values(draft.inputs ?? {}).flat(),
  }));
  const { order, cycles } = topologicalOrder(nodes);
  problems.push(...cycleProblems(cycles, (name) => instances.get(name)!.stage));
  if (problems.length > 0) {
    return failure(...distinctProblems(problems));
  }
  const ordered = order.map((name) => instances.get(name)!);
  propagateLeftOut(ordered.map(({ draft }) => draft));
  const kept = ordered.filter(({ draft }) => draft.leftOut === undefined).map(({ instance }) => instance());
  return success({
    file,
    instances: kept,
    leftOut: ordered.flatMap(({ draft }) =>
      draft.leftOut === undefined ? [] : [{ name: draft.name, reason: draft.leftOut }],
    ),
    ...(profile === undefined ? {} : { profile }),
    ...(typeof cache === 'string' ? { cache } : {}),
    families: familiesOf(kept),
  });
}

/** One problem for each set of stages in a cycle, however many instances of theirs are. */
function cycleProblems(
  cycles: readonly (readonly string[])[],
  stageOf: (instance: string) => Stage,
): Problem[] {
  const known = new Map<string, Problem>();
  for (const cycle of cycles) {
    const stages = [...new Set(cycle.map((name) => stageOf(name).name))].sort().join();
    const first = stageOf(cycle[0]);
    if (!known.has(stages)) {
      known.set(stages, {
        message: `stages need each other: ${cycle.join(' → ')}`,
        place: first.node.entries.get('in')?.key ?? first.place,
        hint: 'take one of these inputs away',
      });
    }
  }
  return [...known.values()];
}

function instanceOf(
  stage: Stage,
  draft: Draft,
): Pick<StageInstance, 'name' | 'stage' | 'values' | 'uses' | 'env' | 'inputs' | 'place'> {
  const params = draft.params ?? {};
  const uses: KindUse | CommandUse = { ...draft.uses!, params };
  return {
    name: draft.name,
    stage: stage.name,
    values: draft.values,
    uses,
    ...(draft.env.length > 0 && { env: draft.env }),
    inputs: draft.inputs ?? {},
    place: stage.place,
  };
}

/** The family of a kind is what it says, else the first folder of its name; a command has none. */
function familiesOf(instances: readonly StageInstance[]): Map<string, string[]> {
  const families = new Map<string, string[]>();
  for (const { name, uses } of instances) {
    const family =
      uses.type === 'kind'
        ? uses.kind.family === undefined
          ? uses.name.split('/')[0]
          : uses.kind.family
        : null;
    if (family !== null) {
      const members = families.get(family) ?? [];
      members.push(name);
      families.set(family, members);
    }
  }
  return families;
}
