import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listFiles } from '../../../runner/cache/local.ts';
import { entryName, objectName } from '../../../runner/cache/shared/shared-layout.ts';
import { FolderStore } from '../../../runner/cache/store/folder.ts';
import { collectShared, planSharedGc } from '../../../runner/maintain/shared-gc.ts';
import { Project, wordsProject } from '../../support/rig.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { digestOf } from './artifacts.ts';
import { Machine } from './machines.ts';

const { signal } = new AbortController();
const day = 86_400_000;

function age(folder: string, name: string, days: number): void {
  const at = new Date(statSync(join(folder, name)).mtimeMs - days * day);
  utimesSync(join(folder, name), at, at);
}

describe('gc of a shared cache', () => {
  const { file } = useTemporaryFolder();
  let shared: string;
  let machine: Machine;

  beforeEach(() => {
    shared = file('shared');
    mkdirSync(shared);
    machine = new Machine(file('machine'), () => new FolderStore(shared));
  });

  const collect = async (days: number): Promise<void> => {
    const store = new FolderStore(shared);
    const limits = { before: Date.now() - days * day, silenceMilliseconds: 1000 };
    await collectShared(store, await planSharedGc(store, limits, signal), signal);
  };
  const ageAll = async (days: number): Promise<void> => {
    for (const name of await listFiles(shared)) age(shared, name, days);
  };
  const [oldKey, newKey] = [digestOf('old'), digestOf('new')];

  it('deletes old entries with what only they name, and nothing else', async () => {
    const rows = { rowKey: digestOf('rows'), inputs: [digestOf('1')] };
    await machine.share({ key: oldKey, files: { a: 'both', b: 'old alone' }, rows });
    await ageAll(40);
    const kept = await machine.share({ key: newKey, files: { a: 'both', c: 'new alone' } });
    await collect(30);
    const other = new Machine(file('other'), () => new FolderStore(shared));
    expect(await other.lookup(newKey)).toEqual({ type: 'hit', entry: kept });
    expect(await other.lookup(oldKey)).toEqual({ type: 'miss' });
    expect(other.notices).toEqual([]);
    const names = (await listFiles(shared)).sort();
    const files = ['both', 'new alone'].map((text) => objectName(digestOf(text)));
    expect(names).toEqual([entryName(newKey), ...files].sort());
  });

  it('keeps files that somebody may be about to name', async () => {
    await machine.share({ key: oldKey, files: { a: 'x' } });
    await ageAll(31);
    await collect(30);
    expect(await listFiles(shared)).toEqual([objectName(digestOf('x'))]);
    await ageAll(2);
    await collect(30);
    expect(await listFiles(shared)).toEqual([]);
  });

  it('clears away what killed writers left', async () => {
    await machine.share({ key: newKey, files: { a: 'x' } });
    writeFileSync(join(shared, 'tmp', 'left'), 'half');
    await collect(1);
    expect(readdirSync(join(shared, 'tmp'))).toEqual(['left']);
    age(shared, 'tmp/left', 4);
    await collect(1);
    expect(readdirSync(join(shared, 'tmp'))).toEqual([]);
    expect((await new Machine(file('other'), () => new FolderStore(shared)).lookup(newKey)).type).toBe('hit');
  });

  describe('by the command', () => {
    let project: Project;
    beforeEach(async () => {
      project = await Project.create({
        ...wordsProject,
        'pipeline.yaml': `cache: ${shared}\n${wordsProject['pipeline.yaml']}`,
      });
      expect((await project.run()).code).toBe(0);
    });
    afterEach(async () => {
      await project.remove();
    });

    it('lists, deletes once told to, and leaves the local cache alone', async () => {
      await ageAll(100);
      const before = (await listFiles(shared)).length;
      const listed = await project.pipeline('gc', '--cache', shared, '--older-than', '90d');
      expect(listed).toMatchObject({ code: 0, stderr: '' });
      expect(listed.stdout).toContain(
        `nothing deleted; delete it with: pipeline gc --cache ${shared} --older-than 90d --yes\n`,
      );
      expect((await listFiles(shared)).length).toBe(before);
      const deleted = await project.pipeline('gc', '--cache', shared, '--older-than', '90d', '--yes');
      expect(deleted.stdout).toMatch(/\ndeleted [\d.]+ (KB|B)\n$/);
      expect(await listFiles(shared)).toEqual([]);
      expect((await project.run()).ran).toEqual([]);
    });

    it.each<[string[], string]>([
      [['--cache', 'none at all/x'], 'of a shared cache, only age tells what may go'],
      [['--cache', 'gs://x', '--older-than', '1d'], 'gs: is none of these'],
      [['--cache', 'x', '--older-than', '1d', '--max-size', '1GB'], 'only age tells'],
    ])('refuses %j', async (args, message) => {
      const { code, stderr } = await project.pipeline('gc', ...args);
      expect(code).toBe(2);
      expect(stderr).toContain(message);
    });

    it('says where there is none', async () => {
      const { code, stderr } = await project.pipeline('gc', '--cache', 'nowhere', '--older-than', '1d');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: '--cache nowhere: nowhere is not there\n  Mount it, or make the folder.\n',
      });
    });
  });
});
