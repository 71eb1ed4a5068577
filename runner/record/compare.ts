import type { CacheEntry } from '../cache/entry.ts';
import { changes } from '../plan/explain.ts';
import type { RunRecord } from './runs.ts';

/** One stage of two runs. */
export interface StageComparison {
  readonly stage: string;
  /** Only one of the runs has it. */
  readonly only?: 'a' | 'b';
  /** What differs in params, code and inputs, in words. */
  readonly changes: readonly string[];
  /** Whether both gave the same contents. */
  readonly sameResult: boolean;
}

export interface Metric {
  /** The stage and the place in its metrics, e.g. `evaluate results[cnn,mfcc].testAccuracy`. */
  readonly name: string;
  readonly a: number | undefined;
  readonly b: number | undefined;
  /** Of a test accuracy: neither run has a validation accuracy of the same result, by which one could choose. */
  readonly onTestPart?: true;
}

export interface Comparison {
  readonly stages: readonly StageComparison[];
  /** Only those that differ. */
  readonly metrics: readonly Metric[];
}

export interface ComparedRun {
  readonly record: RunRecord;
  entry(key: string): CacheEntry | undefined;
  /** The parsed `metrics.json` of an artifact that has one. */
  metrics(entry: CacheEntry): Promise<unknown>;
}

/** What differed between two runs in params, code and metrics. Stages that are the same are left out. */
export async function compareRuns(a: ComparedRun, b: ComparedRun): Promise<Comparison> {
  const names = [...new Set([...Object.keys(a.record.stages), ...Object.keys(b.record.stages)])];
  const stages: StageComparison[] = [];
  const metrics: Metric[] = [];
  for (const stage of names) {
    const [inA, inB] = [a.record.stages[stage], b.record.stages[stage]];
    const [entryA, entryB] = [inA?.key && a.entry(inA.key), inB?.key && b.entry(inB.key)];
    if (inA === undefined || inB === undefined) {
      stages.push({ stage, only: inA === undefined ? 'b' : 'a', changes: [], sameResult: false });
    } else if (inA.key !== inB.key || inA.artifact !== inB.artifact) {
      const sentences =
        entryA && entryB
          ? changes(entryA.fingerprint, entryB.fingerprint).map(({ sentence }) => sentence)
          : [];
      stages.push({ stage, changes: sentences, sameResult: inA.artifact === inB.artifact });
    }
    const [figuresA, figuresB] = [
      entryA ? figures(await a.metrics(entryA)) : new Map<string, number>(),
      entryB ? figures(await b.metrics(entryB)) : new Map<string, number>(),
    ];
    for (const name of new Set([...figuresA.keys(), ...figuresB.keys()])) {
      const [valueA, valueB] = [figuresA.get(name), figuresB.get(name)];
      if (valueA === valueB) continue;
      const validation = name.replace(/\btestAccuracy$/, 'validationAccuracy');
      const onTestPart = validation !== name && !figuresA.has(validation) && !figuresB.has(validation);
      metrics.push({
        ...{ name: `${stage} ${name}`, a: valueA, b: valueB },
        ...(onTestPart ? { onTestPart } : {}),
      });
    }
  }
  return { stages, metrics };
}

/** The numbers of a JSON value by their place. Lists of numbers, such as a confusion matrix, are no figures. */
export function figures(value: unknown, place = '', found = new Map<string, number>()): Map<string, number> {
  if (typeof value === 'number') found.set(place, value);
  else if (Array.isArray(value)) {
    const labels = labelsOf(value);
    for (const [at, item] of value.entries()) {
      if (isObject(item)) figures(item, `${place}[${labels[at] || at}]`, found);
    }
  } else if (value !== null && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value))
      figures(inner, place === '' ? key : `${place}.${key}`, found);
  }
  return found;
}

/**
 * An item of a list is known by the words that it begins with: `{model: cnn, features: mfcc, epochs: 3, …}` is `cnn,mfcc`.
 * Where several begin alike, these are known by all their words.
 */
function labelsOf(items: readonly unknown[]): string[] {
  const isWord = (value: unknown): value is string => typeof value === 'string';
  const first = items.map((item) => {
    const values = isObject(item) ? Object.values(item) : [];
    const end = values.findIndex((value) => !isWord(value));
    return values.slice(0, end === -1 ? values.length : end).join(',');
  });
  return first.map((label, at) => {
    const item = items[at];
    if (!isObject(item) || (label !== '' && first.indexOf(label) === first.lastIndexOf(label))) return label;
    return Object.values(item).filter(isWord).join(',');
  });
}

function isObject(value: unknown): value is object {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
