import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listFiles } from '../../../runner/cache/local.ts';
import type { Event } from '../../../runner/events.ts';
import { Project, type RunResult, wordsProject } from '../../support/rig.ts';

/** Every file that artifacts/ shows, by its path. */
async function shown(project: Project): Promise<Record<string, string>> {
  const folder = project.path('artifacts');
  const names = (await listFiles(folder)).filter((name) => !name.startsWith('.cache/'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'base64')]));
}

function notices({ events }: { readonly events: readonly Event[] }): string[] {
  return events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
}

describe('two workspaces that share a cache in a folder', () => {
  let shared: string;
  let first: Project;
  let second: Project;

  beforeEach(async () => {
    shared = await mkdtemp(join(tmpdir(), 'shared-cache-'));
    const files = {
      ...wordsProject,
      'pipeline.yaml': `cache: ${shared}\n${wordsProject['pipeline.yaml']}`,
    };
    first = await Project.create(files);
    second = await Project.create(files);
  });

  afterEach(async () => {
    await first.remove();
    await second.remove();
    await rm(shared, { recursive: true, force: true });
  });

  const run = async (project: Project, ...args: string[]): Promise<RunResult> => {
    await project.forgetExecutions();
    const result = await project.run(...args);
    expect({ code: result.code, stderr: result.stderr }).toEqual({ code: 0, stderr: '' });
    return result;
  };

  it('run everything once: the second takes all from the first, byte by byte', async () => {
    const { ran, events } = await run(first);
    expect(ran).toEqual(['words', 'upper', 'join']);
    expect(notices({ events })).toEqual([]);
    const again = await run(second);
    expect({ ran: again.ran, cached: again.cached }).toEqual({
      ran: [],
      cached: ['words', 'upper', 'join'],
    });
    expect(await second.executions()).toEqual([]);
    expect(notices(again)).toEqual([]);
    expect(await shown(second)).toEqual(await shown(first));
    expect(await second.read('pipeline.lock')).toBe(await first.read('pipeline.lock'));
  });
});
