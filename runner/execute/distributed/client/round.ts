import type { CacheEntry } from '../../../cache/entry.ts';
import type { StageInstance } from '../../../config/index.ts';
import type { RemoteRecord } from '../../../record/runs.ts';
import type { JobFailure } from '../../job.ts';
import type { StageResult } from '../tasks.ts';

/** How a stage ended where it was run. */
export type StageEnd =
  | { readonly type: 'done'; readonly result: StageResult }
  | {
      readonly type: 'failed';
      readonly failures: readonly JobFailure[];
      readonly output: readonly string[];
      /** Counted from 1. */
      readonly attempt: number;
      /** Whether it is tried again. */
      readonly retrying: boolean;
    };

/** How a stage ended for the run that waits for it: also that nobody will say any more, and why where that is known. */
export type WatchedEnd = StageEnd | { readonly type: 'left'; readonly because?: string };

export type RoundState = 'running' | 'finished' | 'failed' | 'cancelled';

/** Stages that are run elsewhere together, with what they take in that is there. */
export interface Round {
  readonly stages: readonly StageInstance[];
  readonly given: ReadonlyMap<string, CacheEntry>;
}

/** Follows a round that is under way: tells of progress as events, and of each stage's end to who waits for it. */
export interface RoundWatch {
  /** As whoever runs it names it. */
  readonly name: string;
  readonly state: RoundState;
  /** Resolves once the round has ended, or is watched no longer. */
  readonly over: Promise<void>;
  /** Whether the round makes the stage, rather than having found it made. */
  makes(stage: string): boolean;
  end(stage: string): Promise<WatchedEnd>;
  /** Watches no longer; whoever waits is told that the stage was left. The round goes on. */
  leave(): Promise<void>;
  /** Ends what is under way, and waits until it has ended, but not for ever. */
  cancel(milliseconds: number): Promise<void>;
}

/** What runs rounds on other machines. */
export interface Service<Watch extends RoundWatch = RoundWatch> {
  /** What a round is called in messages: `the workflow`. */
  readonly noun: string;
  /** Where stages run, as it is said where somebody interrupts: `stages run on workers`. */
  readonly where: string;
  /** Starts a round, or joins it where it is under way already. */
  start(round: Round): Promise<Watch>;
  record(rounds: readonly { readonly watch: Watch; readonly state: RoundState | 'detached' }[]): RemoteRecord;
  close(): Promise<void>;
}
