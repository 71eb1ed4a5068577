import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../cache/durable.ts';
import type { RowCounts } from '../events.ts';
import type { Environment } from '../kind/index.ts';

export type StageStatus = 'ran' | 'cached' | 'failed' | 'skipped' | 'interrupted';

export interface StageRecord {
  readonly status: StageStatus;
  readonly key?: string;
  readonly artifact?: string;
  readonly wallMs?: number;
  readonly rows?: RowCounts;
  readonly reasons?: readonly string[];
}

/** One invocation, as it is kept. */
export interface RunRecord {
  readonly id: string;
  /** ISO 8601. */
  readonly started: string;
  readonly wallMs: number;
  readonly command: string;
  readonly profile?: string;
  /** What it ran under; absent of runs of old. */
  readonly environment?: Environment;
  readonly ok: boolean;
  readonly stages: Readonly<Record<string, StageRecord>>;
  /** Where stages ran, or still run, on other machines. */
  readonly remote?: RemoteRecord;
}

/** As a run left it; of what it detached from, more is known to the executor alone. */
type RemoteState = 'running' | 'finished' | 'failed' | 'cancelled' | 'detached';

export type RemoteRecord =
  | {
      readonly executor: 'temporal';
      readonly address: string;
      readonly namespace: string;
      readonly taskQueue: string;
      readonly workflows: readonly {
        readonly id: string;
        readonly run: string;
        readonly state: RemoteState;
      }[];
    }
  | {
      readonly executor: 'slurm';
      readonly cluster: string;
      readonly submissions: readonly {
        readonly id: string;
        /** Numbers of its jobs. */
        readonly jobs: readonly string[];
        readonly state: RemoteState;
      }[];
    };

/** A run that is about to end. */
export type RunSoFar = Omit<RunRecord, 'wallMs'>;

/** Begins with the second; the tail keeps two runs of one second apart. */
export function newRunId(now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${stamp}-${randomBytes(2).toString('hex')}`;
}

export class RunRecords {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  logPath(run: string, stage: string): string {
    return join(this.folder, run, 'logs', `${stage.replaceAll('/', '-')}.log`);
  }

  /** Where the events of a run are written as they happen. */
  journalPath(run: string): string {
    return join(this.folder, run, 'events.jsonl');
  }

  async save(record: RunRecord): Promise<void> {
    await writeDurably(join(this.folder, record.id, 'run.json'), `${JSON.stringify(record, null, 1)}\n`);
  }

  /** The newest first. */
  list(): RunRecord[] {
    let ids: string[];
    try {
      ids = readdirSync(this.folder);
    } catch {
      return [];
    }
    const records = ids.flatMap((id) => this.read(id) ?? []);
    // By the time itself: ids tell seconds, and several runs may start in one.
    return records.sort((a, b) => Date.parse(b.started) - Date.parse(a.started) || (a.id < b.id ? 1 : -1));
  }

  read(id: string): RunRecord | undefined {
    try {
      const record: unknown = JSON.parse(readFileSync(join(this.folder, id, 'run.json'), 'utf8'));
      return isRecordOf(id, record) ? record : undefined;
    } catch {
      // A run that was killed leaves logs and no record.
      return undefined;
    }
  }
}

/** A record that a full disk or a hand has left otherwise counts as none. */
function isRecordOf(id: string, value: unknown): value is RunRecord {
  const isObject = (part: unknown): part is object => typeof part === 'object' && part !== null;
  if (!isObject(value)) return false;
  const { id: own, started, stages } = value as Partial<RunRecord>;
  return (
    own === id &&
    typeof started === 'string' &&
    Number.isFinite(Date.parse(started)) &&
    isObject(stages) &&
    Object.values(stages).every(isObject)
  );
}
