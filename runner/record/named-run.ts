import { readFile } from 'node:fs/promises';
import { closest, distance } from 'fastest-levenshtein';
import { failure, type Problem, type Result, success } from '../errors.ts';
import type { Workspace } from '../workspace.ts';
import type { ComparedRun } from './compare.ts';
import type { RunRecord } from './runs.ts';

/** A run by its id, by the start of its id, or counted back from the newest: `latest~2`. */
export function namedRun(records: readonly RunRecord[], name: string): Result<RunRecord> {
  const back = /^latest(?:~(\d+))?$/.exec(name);
  const record =
    back === null ? records.find(({ id }) => id.startsWith(name)) : records[Number(back[1] ?? 0)];
  if (record !== undefined) return success(record);
  return failure(
    unknownRun(
      name,
      records.map(({ id }) => id),
    ),
  );
}

/** A run with all that a comparison looks at. */
export function comparedRun({ cache }: Pick<Workspace, 'cache'>, record: RunRecord): ComparedRun {
  return {
    record,
    entry: (key) => cache.read(key),
    async metrics(entry) {
      const file = entry.manifest.files.find((candidate) => candidate.name === 'metrics.json');
      if (file === undefined) return undefined;
      return JSON.parse(await readFile(cache.path(file.sha256), 'utf8')) as unknown;
    },
  };
}

function unknownRun(name: string, ids: readonly string[]): Problem {
  const message = `there is no run ${name}`;
  if (ids.length === 0) return { message, hint: 'There is no run yet: start one with pipeline run.' };
  const near = closest(name, [...ids]);
  return {
    message,
    hint: distance(name, near) <= 4 ? `Did you mean ${near}?` : 'List them with: pipeline runs',
  };
}
