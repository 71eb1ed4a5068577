import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import type { Fingerprint } from '../fingerprint/parts.ts';

/** What the last run used for a stage. */
export interface LockedStage {
  readonly key: string;
  /** The digest of its artifact's contents. */
  readonly artifact: string;
  readonly fingerprint: Fingerprint;
}

const header = `# What the last run used: written by pipeline, to be committed. One block a stage; on a merge conflict keep either.
`;

/**
 * `pipeline.lock`: a block a stage, sorted, no times, so that merges stay small and equal runs give equal files. It is
 * YAML of the simplest kind: `stage:` lines and indented `part: value` lines, both sides JSON strings where they are no
 * plain words.
 */
export class Lockfile {
  readonly #path: string;
  readonly #text: string;
  readonly #blocks: Map<string, string>;

  private constructor(path: string, text: string) {
    this.#path = path;
    this.#text = text;
    this.#blocks = splitBlocks(text);
  }

  static read(path: string): Lockfile {
    try {
      return new Lockfile(path, readFileSync(path, 'utf8'));
    } catch {
      return new Lockfile(path, '');
    }
  }

  get(stage: string): LockedStage | undefined {
    const block = this.#blocks.get(stage);
    return block === undefined ? undefined : parseBlock(block);
  }

  /** The stages of which it says what the last run used. */
  stages(): string[] {
    return [...this.#blocks.keys()].filter((stage) => this.get(stage) !== undefined);
  }

  /** Every key it names; of a conflict that a merge has left, those of both sides. */
  keys(): string[] {
    return Array.from(this.#text.matchAll(/^ {2}key: ([0-9a-f]{64})$/gm), ([, key]) => key);
  }

  set(stage: string, locked: LockedStage): void {
    const lines = [
      `  key: ${locked.key}`,
      `  artifact: ${locked.artifact}`,
      '  fingerprint:',
      ...Object.entries(locked.fingerprint).map(([part, value]) => `    ${scalar(part)}: ${scalar(value)}`),
    ];
    this.#blocks.set(stage, `${lines.join('\n')}\n`);
  }

  /** Drops the blocks of stages that the pipeline no longer has, then writes the file if it says anything new. */
  async save(stages: ReadonlySet<string>): Promise<void> {
    const blocks = [...this.#blocks]
      .filter(([stage]) => stages.has(stage))
      .sort(([a], [b]) => (a < b ? -1 : 1));
    const text = header + blocks.map(([stage, block]) => `${scalar(stage)}:\n${block}`).join('');
    if (text !== this.#text) await writeDurably(this.#path, text);
  }
}

/** The lockfile of a pipeline: `pipeline.yaml` has `pipeline.lock`, `other.yaml` beside it `other.pipeline.lock`. */
export function lockfileOf(file: string): string {
  const name = parse(file).name;
  return name === 'pipeline' ? 'pipeline.lock' : `${name}.pipeline.lock`;
}

/** The keys that all lockfiles of a folder name. */
export function lockedKeys(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('pipeline.lock'));
  return names.flatMap((name) => Lockfile.read(join(folder, name)).keys());
}

function splitBlocks(text: string): Map<string, string> {
  const blocks = new Map<string, string>();
  let stage: string | undefined;
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) {
      stage = unscalar(line.slice(0, line.lastIndexOf(':')));
      blocks.set(stage, '');
    } else if (stage !== undefined) blocks.set(stage, `${blocks.get(stage)!}${line}\n`);
  }
  return blocks;
}

/** Undefined where a merge left conflict marks or half a block: the stage then counts as never run. */
function parseBlock(block: string): LockedStage | undefined {
  const parts: [string, string][] = [];
  let key: string | undefined;
  let artifact: string | undefined;
  for (const line of block.split('\n')) {
    const part = /^ {4}("(?:[^"\\]|\\.)*"|[^":]+): (.*)$/.exec(line);
    if (part !== null) parts.push([unscalar(part[1]), unscalar(part[2])]);
    else if (line.startsWith('  key: ')) key = line.slice(7);
    else if (line.startsWith('  artifact: ')) artifact = line.slice(12);
  }
  if (key === undefined || artifact === undefined) return undefined;
  // Unlike an assignment, this takes any name, `__proto__` too.
  return { key, artifact, fingerprint: Object.fromEntries(parts) };
}

function scalar(value: string): string {
  return /^[A-Za-z][A-Za-z0-9_./-]*$/.test(value) || /^[0-9a-f]{64}$/.test(value)
    ? value
    : JSON.stringify(value);
}

/** Text that is no JSON after all is taken as it stands: whatever a merge made of a part, it is then another. */
function unscalar(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
