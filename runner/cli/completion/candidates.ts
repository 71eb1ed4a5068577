import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { loadPipeline, type Pipeline } from '../../config/index.ts';
import { openWorkspaceOf } from '../context.ts';

/** What stands where, by command: the values of its options and its positionals. */
type Subject = 'stage' | 'profile' | 'setting' | 'run' | 'file';

const optionSubjects: Readonly<Record<string, Subject>> = {
  '--from': 'stage',
  '--until': 'stage',
  '--only': 'stage',
  '--model': 'stage',
  '--profile': 'profile',
  '--set': 'setting',
  '--file': 'file',
  '-f': 'file',
  '--png': 'file',
};

/** `predict --from` takes a folder. */
const exceptions: Readonly<Record<string, Readonly<Record<string, Subject>>>> = {
  predict: { '--from': 'file' },
};

const positionalSubjects: Readonly<Record<string, Subject>> = {
  run: 'stage',
  sweep: 'stage',
  explain: 'stage',
  inspect: 'stage',
  export: 'stage',
  predict: 'file',
  compare: 'run',
};

/**
 * What may stand where the cursor is beside commands and options: names of stages, of profiles, of params, of runs.
 * `words` are those behind the program's name, the last one unfinished. Undefined where commands and options may stand;
 * empty where the name of a file does.
 */
export async function candidates(words: readonly string[]): Promise<readonly string[] | undefined> {
  const [current, previous] = [words.at(-1) ?? '', words.at(-2)];
  const command = words.slice(0, -1).find((word) => !word.startsWith('-'));
  if (command === undefined) return undefined;
  if (previous?.startsWith('-') === true) {
    const subject = exceptions[command]?.[previous] ?? optionSubjects[previous];
    if (subject !== undefined) return valuesOf(subject, words);
  }
  if (current.startsWith('-')) return undefined;
  const subject = positionalSubjects[command];
  return subject === undefined ? undefined : valuesOf(subject, words);
}

async function valuesOf(subject: Subject, words: readonly string[]): Promise<readonly string[]> {
  const file = valueAfter(words, ['-f', '--file']) ?? 'pipeline.yaml';
  switch (subject) {
    case 'stage':
      return stageNames(await pipelineOf(file, words));
    case 'profile':
      return profilesOf(file);
    case 'setting':
      return settingsOf(await pipelineOf(file, words));
    case 'run':
      return [
        'latest',
        'latest~1',
        ...openWorkspaceOf({ file })
          .runs.list()
          .map(({ id }) => id),
      ];
    case 'file':
      return [];
  }
}

/** Undefined where the pipeline has mistakes: completion is no place to say so. */
async function pipelineOf(file: string, words: readonly string[]): Promise<Pipeline | undefined> {
  const profile = valueAfter(words, ['--profile']);
  const { kinds } = openWorkspaceOf({ file });
  const loaded = await loadPipeline({ file, profile, set: [], kinds });
  return loaded.ok ? loaded.value : undefined;
}

function stageNames(pipeline: Pipeline | undefined): string[] {
  if (pipeline === undefined) return [];
  const stages = pipeline.instances.flatMap(({ name, stage }) => [stage, name]);
  return [...new Set([...stages, ...pipeline.families.keys()])];
}

function settingsOf(pipeline: Pipeline | undefined): string[] {
  const settings = (pipeline?.instances ?? []).flatMap(({ stage, uses }) =>
    Object.keys(uses.params).map((param) => `${stage}.${param}=`),
  );
  return [...new Set(settings)];
}

function profilesOf(file: string): string[] {
  try {
    const { profiles } = parse(readFileSync(file, 'utf8')) as { readonly profiles?: object };
    return Object.keys(profiles ?? {});
  } catch {
    return [];
  }
}

function valueAfter(words: readonly string[], options: readonly string[]): string | undefined {
  const at = words.slice(0, -2).findIndex((word) => options.includes(word));
  return at < 0 ? undefined : words[at + 1];
}
