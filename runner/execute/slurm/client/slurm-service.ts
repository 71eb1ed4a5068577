import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../../../cache/durable.ts';
import type { CacheAddress } from '../../../config/cache-address.ts';
import { PipelineError } from '../../../errors.ts';
import { Resolver } from '../../../plan/resolve.ts';
import type { RemoteRecord } from '../../../record/runs.ts';
import type { Round, RoundState, Service } from '../../distributed/client/round.ts';
import { planOf, plansFolder, planText } from '../../distributed/plan.ts';
import type { SharedPlace } from '../../distributed/shared-place.ts';
import type { RemoteContext } from '../../remote.ts';
import { Submission, type Submitted } from '../submission.ts';
import type { JobSettings } from './batch-job.ts';
import { planJobs } from './plan-jobs.ts';
import { askQueue, isAlive } from './queue.ts';
import { type ClusterSettings, unreachable } from './slurm-commands.ts';
import { idsOf, submitJobs } from './submit.ts';
import { SubmissionWatch } from './watch-submission.ts';

export interface SlurmSettings extends JobSettings {
  /** Tasks of one array at most. */
  readonly arrayTasks: number;
  readonly rowsPerTask: number | undefined;
  readonly pollSeconds: number;
  /** Where jobs keep what they bring and make. */
  readonly scratch: string;
}

export interface SlurmParts {
  readonly cluster: ClusterSettings;
  readonly settings: SlurmSettings;
  /** The address of the cache that client and jobs share. */
  readonly cache: CacheAddress;
  /** The same, as the client writes to it. */
  readonly shared: SharedPlace;
}

/** Rounds as jobs that depend on each other. */
export class SlurmService implements Service<SubmissionWatch> {
  readonly noun = 'what was submitted';
  readonly where = 'stages run on Slurm';
  readonly #context: RemoteContext;
  readonly #parts: SlurmParts;

  constructor(context: RemoteContext, parts: SlurmParts) {
    this.#context = context;
    this.#parts = parts;
  }

  async start(round: Round): Promise<SubmissionWatch> {
    const { workspace, keepGoing, signal, emit } = this.#context;
    const { settings, cluster } = this.#parts;
    const resolver = new Resolver(workspace);
    const { arrayTasks, rowsPerTask } = settings;
    // Rows are divided by number: how long one takes is not known when an array is submitted.
    const shards = {
      seconds: 1,
      atMost: arrayTasks,
      ...(rowsPerTask !== undefined && { rows: rowsPerTask }),
    };
    const { text, digest } = planText(
      await planOf(round.stages, { resolver, given: round.given, keepGoing, shards }),
    );
    const base = join(workspace.state, 'slurm', digest.slice(0, 32));
    const joined = await this.#underWay(base);
    const submission = joined ?? new Submission(join(base, this.#context.run));
    const submitted = joined?.read() ?? (await this.#submitted(round, digest, text, resolver));
    if (joined === undefined) {
      await submission.write(submitted);
      await writeDurably(join(base, 'newest'), this.#context.run);
    }
    const jobs = await submitJobs({
      submission,
      submitted,
      instances: new Map(round.stages.map((instance) => [instance.name, instance])),
      settings,
      workspace: workspace.folder,
      home: workspace.home,
      signal,
    });
    const name = nameOf(submission);
    const numbers = idsOf(jobs.values()).join(', ');
    const how = joined === undefined ? 'stages run on Slurm' : 'joined what runs on Slurm';
    emit({ type: 'notice', message: `${how}: ${name}, jobs ${numbers} of ${cluster.name}` });
    return new SubmissionWatch(name, {
      submission,
      submitted,
      jobs,
      workspace: workspace.folder,
      keepGoing,
      pollMilliseconds: settings.pollSeconds * 1000,
      log: (stage) => workspace.runs.logPath(this.#context.run, stage),
      emit,
    });
  }

  record(
    rounds: readonly { readonly watch: SubmissionWatch; readonly state: RoundState | 'detached' }[],
  ): RemoteRecord {
    const submissions = rounds.map(({ watch, state }) => ({ id: watch.name, jobs: watch.ids, state }));
    return { executor: 'slurm', cluster: this.#parts.cluster.name, submissions };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The last submission of the same plan, if Slurm still has jobs of it that are to come. */
  async #underWay(base: string): Promise<Submission | undefined> {
    const newest = readText(join(base, 'newest'));
    if (newest === undefined) return undefined;
    const submission = new Submission(join(base, newest));
    const ids = idsOf(submission.readJobs().values());
    if (ids.length === 0 || submission.read() === undefined) return undefined;
    const answer = await askQueue(ids);
    if (answer.type === 'away') throw new PipelineError([unreachable(answer.text)], 1);
    return answer.jobs.some(isAlive) ? submission : undefined;
  }

  async #submitted(round: Round, plan: string, text: string, resolver: Resolver): Promise<Submitted> {
    const { workspace, signal, emit } = this.#context;
    const { settings, cluster, cache, shared } = this.#parts;
    await shared.putText(plansFolder, text, signal);
    const { rowsPerTask, scratch } = settings;
    const limits = {
      tasks: settings.arrayTasks,
      maxArraySize: cluster.maxArraySize,
      ...(rowsPerTask !== undefined && { rowsPerTask }),
    };
    const { stages, given } = await planJobs(round, { workspace, resolver, shared, limits, signal });
    for (const { name, tasks = 0 } of stages) {
      if (tasks < cluster.maxArraySize || rowsPerTask === undefined) continue;
      const message = `its array is as large as Slurm's MaxArraySize of ${cluster.maxArraySize} allows: tasks may take more than ${rowsPerTask} rows`;
      emit({ type: 'notice', stage: name, message });
    }
    return {
      format: 1,
      plan,
      cache,
      scratch,
      given,
      stages,
      ...(rowsPerTask !== undefined && { rowsPerTask }),
    };
  }
}

/** For people: `3f2a90c1/20260102-101500-ab12`. */
function nameOf({ folder }: Submission): string {
  const [plan, run] = folder.split('/').slice(-2);
  return `submission ${plan.slice(0, 8)}/${run}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
