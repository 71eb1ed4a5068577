import { PipelineError } from '../errors.ts';
import type { Place, Problem } from '../errors.ts';
import type { Kind } from '../kind/index.ts';
import { readEnv } from './env.ts';
import { interpolate } from './interpolate.ts';
import type { OnUnknown } from './interpolate.ts';
import { plain } from './located.ts';
import type { Located } from './located.ts';
import { readOuts } from './outs/read-outs.ts';
import type { KindRegistry } from './pipeline.ts';
import { systemProblem } from '../system-problem.ts';
import type { Draft, Stage, Stages } from './stages.ts';
import { readShell } from './shell.ts';
import { suggestion } from './suggest.ts';

/** Reports each `${name}` that names no matrix key of the stage. */
export function unknownVariable(stage: Stage, problems: Problem[]): OnUnknown {
  return (name, place) => {
    const inCommand = stage.node.entries.has('run');
    const shell = inCommand ? `; a variable of the shell is written $\${${name}}` : '';
    const hint = suggestion(name, stage.keys, `matrix keys of ${stage.name}`) + shell;
    problems.push({ message: `\${${name}} is no matrix key of ${stage.name}`, place, hint });
  };
}

/** Finds what each instance uses; each kind is loaded once. */
export async function resolveUses(stages: Stages, kinds: KindRegistry, problems: Problem[]): Promise<void> {
  const wanted: { stage: Stage; draft: Draft; name: string; place: Place }[] = [];
  for (const stage of stages.sound.values()) {
    const onUnknown = unknownVariable(stage, problems);
    for (const draft of stage.drafts) {
      const text = (key: string): Located | undefined => {
        const node = stage.node.entries.get(key)?.value;
        return node && interpolate(node, draft.bindings, onUnknown);
      };
      draft.env = readEnv(text('env'), stage.name, problems);
      const uses = text('uses');
      if (uses !== undefined) {
        wanted.push({ stage, draft, name: String(plain(uses)), place: uses.place });
        continue;
      }
      const deps = items(text('deps'));
      const shell = readShell(text('shell'), problems);
      draft.uses = {
        type: 'command',
        command: String(plain(text('run')!)),
        ...(shell !== undefined && { shell }),
        deps: deps.map((dep) => String(plain(dep))),
        depPlaces: deps.map(({ place }) => place),
        outs: readOuts(text('outs'), problems),
      };
    }
  }
  const loaded = await loadKinds(new Set(wanted.map(({ name }) => name)), kinds);
  for (const { stage, draft, name, place } of wanted) {
    const result = loaded.get(name)!;
    if ('kind' in result) {
      draft.uses = { type: 'kind', name, kind: result.kind };
    } else if (!name.includes('${')) {
      const blamed = blame(stage, loaded, wanted, place, draft);
      problems.push(...result.problems.map((problem) => ({ ...problem, place: problem.place ?? blamed })));
    }
  }
}

type Loaded = { readonly kind: Kind } | { readonly problems: readonly Problem[] };

async function loadKinds(names: ReadonlySet<string>, kinds: KindRegistry): Promise<Map<string, Loaded>> {
  const loaded = Array.from(names, async (name): Promise<[string, Loaded]> => [
    name,
    await loadKind(name, kinds),
  ]);
  return new Map(await Promise.all(loaded));
}

async function loadKind(name: string, kinds: KindRegistry): Promise<Loaded> {
  try {
    const kind = await kinds.load(name);
    if (kind !== undefined) {
      return { kind };
    }
    const hint = suggestion(name, await kinds.names(), 'kinds');
    return { problems: [{ message: `unknown kind ${name}`, hint }] };
  } catch (error) {
    // What is wrong with the code of a kind has its own place, in that code.
    if (error instanceof PipelineError) {
      return { problems: error.problems };
    }
    const system = systemProblem(error);
    if (system !== undefined) throw new PipelineError([system], 1);
    const reason = error instanceof Error ? error.message : String(error);
    return { problems: [{ message: `kind ${name} cannot be loaded: ${reason}` }] };
  }
}

/** The matrix's value where other values of it do name kinds; else the place of `uses`. */
function blame(
  stage: Stage,
  loaded: ReadonlyMap<string, Loaded>,
  wanted: readonly { stage: Stage; name: string }[],
  place: Place,
  draft: Draft,
): Place {
  const someLoad = wanted.some((other) => other.stage === stage && 'kind' in loaded.get(other.name)!);
  const uses = stage.node.entries.get('uses')?.value;
  const variables = [...String(uses && plain(uses)).matchAll(/\$\{([^{}]*)\}/g)];
  const only = variables.length === 1 ? draft.bindings.get(variables[0][1].trim()) : undefined;
  return someLoad && only !== undefined ? only.place : place;
}

function items(node: Located | undefined): readonly Located[] {
  return node?.type === 'list' ? node.items : [];
}
