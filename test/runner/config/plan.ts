import { loadPipeline, planPipeline } from '../../../runner/config/index.ts';
import type { KindRegistry, Pipeline, StageInstance } from '../../../runner/config/index.ts';
import { formatProblem } from '../../../runner/errors.ts';
import type { Problem, Result } from '../../../runner/errors.ts';
import { registry } from './kinds.ts';

export interface PlanOptions {
  readonly profile?: string;
  readonly set?: readonly string[];
  readonly kinds?: KindRegistry;
}

/** Template text without the first line feed and the common indentation. */
export function text(strings: TemplateStringsArray, ...values: readonly string[]): string {
  const raw = strings.map((part, i) => part + (values[i] ?? '')).join('');
  const lines = raw
    .replace(/^\n/, '')
    .replace(/\n[ ]*$/, '\n')
    .split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length);
  const indent = Math.min(...indents);
  return lines.map((line) => line.slice(indent)).join('\n');
}

/** Stages without fault, for others to build on. */
export const base = text`
  stages:
    ingest: {uses: ingest}
    audio: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [48000, 16000]}}
    mfcc: {uses: features/mfcc, in: {clips: "audio[48000]"}}
    split: {uses: train/split, in: {clips: ingest}}
`;

/** The stages of `base`, on lines 2 to 5, and those of the template from line 6 on. */
export function onBase(strings: TemplateStringsArray, ...values: readonly string[]): string {
  return base + text(strings, ...values).replaceAll(/^(?=.)/gm, '  ');
}

export function tryPlan(yaml: string, options: PlanOptions = {}): Promise<Result<Pipeline>> {
  const { profile, set = [], kinds = registry() } = options;
  return planPipeline(yaml, { file: 'pipeline.yaml', profile, set, kinds });
}

/** The plan of a yaml without fault. */
export async function plan(yaml: string, options: PlanOptions = {}): Promise<Pipeline> {
  const result = await tryPlan(yaml, options);
  if (!result.ok) {
    throw new Error(format(result.problems, yaml));
  }
  return result.value;
}

/** What is wrong with a yaml, as the user reads it, with a line feed at the end. */
export async function report(yaml: string, options: PlanOptions = {}): Promise<string> {
  return format(await problemsOf(yaml, options), yaml);
}

export async function problemsOf(yaml: string, options: PlanOptions = {}): Promise<readonly Problem[]> {
  const result = await tryPlan(yaml, options);
  return result.ok ? [] : result.problems;
}

export async function reportOfFile(file: string): Promise<string> {
  const result = await loadPipeline({ file, set: [], kinds: registry() });
  return result.ok ? '' : format(result.problems, '');
}

function format(problems: readonly Problem[], source: string): string {
  return problems
    .map((problem) => formatProblem(problem, problem.place?.line === undefined ? {} : { source }) + '\n')
    .join('');
}

export function names(pipeline: Pipeline): string[] {
  return pipeline.instances.map(({ name }) => name);
}

export function instance(pipeline: Pipeline, name: string): StageInstance {
  const found = pipeline.instances.find((candidate) => candidate.name === name);
  if (found === undefined) {
    throw new Error(`no instance ${name}; there are ${names(pipeline).join(', ')}`);
  }
  return found;
}

export function params(pipeline: Pipeline, name: string): Record<string, unknown> {
  return instance(pipeline, name).uses.params;
}
