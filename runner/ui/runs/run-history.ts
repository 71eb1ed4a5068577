import { open } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { PipelineError } from '../../errors.ts';
import { compareRuns } from '../../record/compare.ts';
import { JournalReader } from '../../record/journal.ts';
import { comparedRun, namedRun } from '../../record/named-run.ts';
import type { RunRecord } from '../../record/runs.ts';
import type { Workspace } from '../../workspace.ts';
import { follow, type LiveRun, newRun } from '../model/live-run.ts';
import type { LogPart, RunComparison, RunDetail, RunLine, RunPage } from '../model/runs.ts';
import { notFound, RequestError } from '../server/request-error.ts';

const largestLogPart = 128 << 10;

/** The record of runs. Runs and stages are looked up among those that there are. */
export class RunHistory {
  readonly #workspace: () => Workspace;

  constructor(workspace: () => Workspace) {
    this.#workspace = workspace;
  }

  page(offset: number, limit: number): RunPage {
    const records = this.#workspace().runs.list();
    return { runs: records.slice(offset, offset + limit).map(lineOf), offset, total: records.length };
  }

  detail(id: string): RunDetail {
    const records = this.#workspace().runs.list();
    const at = records.findIndex((record) => record.id === id);
    if (at < 0) throw notFound(`there is no run ${id}`, 'It may have been cleared away by: pipeline gc');
    const story = this.#story(records[at]);
    return {
      record: records[at],
      ...(story !== undefined && { story }),
      ...(at + 1 < records.length && { before: records[at + 1].id }),
    };
  }

  async compare(a: string, b: string): Promise<RunComparison> {
    const records = this.#workspace().runs.list();
    const [first, second] = [a, b].map((name) => {
      const found = namedRun(records, name);
      if (!found.ok) throw new RequestError(404, found.problems);
      return found.value;
    });
    try {
      const [one, other] = [first, second].map((record) => comparedRun(this.#workspace(), record));
      return { ...(await compareRuns(one, other)), a: lineOf(first), b: lineOf(second) };
    } catch (error) {
      if (error instanceof PipelineError) throw error;
      const hint = 'Artifacts of old runs may have been cleared away: pipeline verify names what is damaged.';
      throw new RequestError(410, [{ message: `the runs cannot be compared: ${String(error)}`, hint }]);
    }
  }

  /** What a stage printed, from a byte on; the end of it where no byte is named. */
  async log(run: string, stage: string, from: number | undefined): Promise<LogPart> {
    const path = this.#logPath(run, stage);
    const file = await open(path).catch(() => undefined);
    if (file === undefined) return { text: '', next: 0, skipped: 0 };
    try {
      const { size } = await file.stat();
      const start = from ?? Math.max(0, size - largestLogPart);
      const length = Math.max(0, Math.min(size - start, largestLogPart));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
      const text = stripVTControlCharacters(buffer.toString('utf8', 0, bytesRead));
      return { text, next: start + bytesRead, skipped: from === undefined ? start : 0 };
    } finally {
      await file.close();
    }
  }

  #logPath(run: string, stage: string): string {
    const { runs } = this.#workspace();
    if (!/^\d{8}-\d{6}-[0-9a-f]+$/.test(run)) throw notFound(`there is no run ${run}`);
    const record = runs.read(run);
    const known = record?.stages ?? this.#told(run, 0).stages;
    if (Object.hasOwn(known, stage)) return runs.logPath(run, stage);
    throw notFound(`run ${run} has no stage ${stage}`);
  }

  #story({ id, command, started }: RunRecord): LiveRun | undefined {
    const story = this.#told(id, Date.parse(started));
    return story.state === 'running' ? undefined : { ...story, command };
  }

  #told(run: string, startedAt: number): LiveRun {
    const entries = new JournalReader(this.#workspace().runs.journalPath(run)).read();
    return entries.reduce(follow, newRun(run, { own: false }, startedAt));
  }
}

function lineOf({ id, started, wallMs, command, profile, ok, stages }: RunRecord): RunLine {
  const counts: Record<string, number> = {};
  for (const { status } of Object.values(stages)) counts[status] = (counts[status] ?? 0) + 1;
  return { id, started, wallMs, command, ...(profile !== undefined && { profile }), ok, counts };
}
