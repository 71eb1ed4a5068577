import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CacheEntry } from '../../runner/cache/entry.ts';
import { Project, wordsProject } from '../support/rig.ts';
import { until } from '../support/until.ts';

/** Every file of the cache's store by its path. */
function storedFiles(project: Project): string[] {
  const folder = project.path('artifacts/.cache/objects');
  return readdirSync(folder).flatMap((prefix) =>
    readdirSync(join(folder, prefix)).map((name) => join(folder, prefix, name)),
  );
}

/** The stored files whose content is not what their name says. */
function corrupt(project: Project): string[] {
  return storedFiles(project).filter(
    (path) => createHash('sha256').update(readFileSync(path)).digest('hex') !== basename(path),
  );
}

function entryOf(project: Project, stage: string): CacheEntry & { readonly path: string } {
  const folder = project.path('artifacts/.cache/keys');
  const entries = readdirSync(folder).flatMap((prefix) =>
    readdirSync(join(folder, prefix)).map((name) => {
      const path = join(folder, prefix, name);
      return { ...(JSON.parse(readFileSync(path, 'utf8')) as CacheEntry), path };
    }),
  );
  return entries.find((entry) => entry.stage === stage)!;
}

function objectOf(project: Project, stage: string, file: string): string {
  const { manifest, rows } = entryOf(project, stage);
  const sha256 =
    file === 'row index' ? rows!.index : manifest.files.find(({ name }) => name === file)!.sha256;
  return project.path(`artifacts/.cache/objects/${sha256.slice(0, 2)}/${sha256}`);
}

/** Writes into a stored file as someone with all rights could. */
function garble(path: string, change: () => void, { traceless = false } = {}): void {
  const { atime, mtime, mode } = statSync(path);
  chmodSync(path, 0o644);
  change();
  if (traceless) utimesSync(path, atime, mtime);
  chmodSync(path, mode);
}

function flipFirstByte(path: string): void {
  const bytes = readFileSync(path);
  bytes[0] ^= 1;
  writeFileSync(path, bytes);
}

describe('the store', () => {
  let project: Project;
  let joined: string;

  beforeEach(async () => {
    project = await Project.create(wordsProject);
    expect((await project.run()).code).toBe(0);
    await project.forgetExecutions();
    joined = await project.read('artifacts/join/joined.json');
  });

  afterEach(async () => {
    await project.remove();
  });

  const shown = 'artifacts/join/joined.json';

  it.each<[string, (path: string) => void]>([
    ['written over in place', flipFirstByte],
    [
      'appended to',
      (path) => {
        appendFileSync(path, 'more');
      },
    ],
    [
      'cut',
      (path) => {
        truncateSync(path, 3);
      },
    ],
    [
      'given other rights',
      (path) => {
        chmodSync(path, 0o600);
      },
    ],
    [
      'replaced by another',
      (path) => {
        rmSync(path);
        writeFileSync(path, 'mine');
      },
    ],
    [
      'replaced by a folder',
      (path) => {
        rmSync(path);
        mkdirSync(path);
        writeFileSync(join(path, 'x'), 'y');
      },
    ],
    [
      'replaced by a link',
      (path) => {
        rmSync(path);
        symlinkSync('../words/table.arrow', path);
      },
    ],
  ])(
    'stays whole where a file in artifacts/ is %s, and the next run puts it back and says so',
    async (_how, edit) => {
      const before = storedFiles(project);
      const table = await readBytes('artifacts/words/table.arrow');
      edit(project.path(shown));
      expect(corrupt(project)).toEqual([]);
      expect(storedFiles(project)).toEqual(before);
      const { code, ran, events } = await project.run();
      expect({ code, ran }).toEqual({ code: 0, ran: [] });
      expect(events).toContainEqual({
        type: 'notice',
        stage: 'join',
        message: expect.stringContaining(
          `${shown} had been edited; it is again what the stage made`,
        ) as unknown as string,
      });
      expect(await project.read(shown)).toBe(joined);
      expect(statSync(project.path(shown)).mode & 0o777).toBe(0o644);
      expect(await readBytes('artifacts/words/table.arrow')).toEqual(table);
      expect(corrupt(project)).toEqual([]);
      expect(readdirSync(project.path('artifacts/join'))).toEqual(['joined.json']);
    },
  );

  const readBytes = (name: string): Promise<Buffer> => Promise.resolve(readFileSync(project.path(name)));

  it('leaves alone, without a word, what has another stamp and the same content', async () => {
    const copy = await Project.create({});
    await cp(project.folder, copy.folder, { recursive: true });
    await copy.write(shown, await copy.read(shown));
    const before = statSync(copy.path(shown));
    for (const time of ['first', 'second']) {
      const { ran, events } = await copy.run();
      expect({ time, ran }).toEqual({ time, ran: [] });
      expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    }
    expect(statSync(copy.path(shown)).ino).toBe(before.ino);
    await copy.remove();
  });

  it('puts a copy in the place of a second link to what the cache holds', async () => {
    const [stored] = storedFiles(project).filter((file) => readFileSync(file, 'utf8') === joined);
    rmSync(project.path(shown));
    linkSync(stored, project.path(shown));
    await project.run();
    expect(statSync(project.path(shown)).nlink).toBe(1);
    await project.write(shown, 'mine');
    expect(corrupt(project)).toEqual([]);
  });

  it('shows a file again that was deleted, and a folder', async () => {
    await project.delete(shown);
    await project.delete('artifacts/upper');
    const { ran, events } = await project.run();
    expect(ran).toEqual([]);
    expect(events.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(await project.read(shown)).toBe(joined);
    expect(existsSync(project.path('artifacts/upper/table.arrow'))).toBe(true);
  });

  it('copies no file again that is as it was, and stores equal files once', async () => {
    const identities = (): unknown =>
      ['artifacts/join/joined.json', 'artifacts/upper/table.arrow', 'artifacts/words/table.arrow'].map(
        (name) => {
          const { ino, mtimeNs, ctimeNs } = statSync(project.path(name), { bigint: true });
          return { ino, mtimeNs, ctimeNs };
        },
      );
    const [before, objects] = [identities(), storedFiles(project)];
    await project.run();
    expect(identities()).toEqual(before);
    await project.run('--force');
    expect(identities()).toEqual(before);
    expect(storedFiles(project)).toEqual(objects);
    await project.edit('pipeline.yaml', '\n  join:', '\n  same: {uses: join, in: {texts: [upper]}}\n  join:');
    await project.run();
    expect(await project.read('artifacts/same/joined.json')).toBe(joined);
    expect(storedFiles(project)).toEqual(objects);
  });

  it('can be written by nobody', () => {
    const modes = storedFiles(project).map((path) => statSync(path).mode & 0o222);
    expect(new Set(modes)).toEqual(new Set([0]));
  });

  it.each<[string, string, string, (path: string) => void, string[]]>([
    [
      'a missing file',
      'join',
      'joined.json',
      (path) => {
        rmSync(path);
      },
      ['join'],
    ],
    [
      'a cut file',
      'join',
      'joined.json',
      (path) => {
        truncateSync(path, 2);
      },
      ['join'],
    ],
    [
      'a longer file',
      'join',
      'joined.json',
      (path) => {
        appendFileSync(path, ' ');
      },
      ['join'],
    ],
    ['another content', 'upper', 'table.arrow', flipFirstByte, ['upper a.txt', 'upper b.txt']],
    [
      'a missing row index',
      'words',
      'row index',
      (path) => {
        rmSync(path);
      },
      ['words a.txt', 'words b.txt'],
    ],
    ['a garbled row index', 'words', 'row index', flipFirstByte, ['words a.txt', 'words b.txt']],
  ])('finds %s on use, says so and makes it again', async (what, stage, file, change, executions) => {
    const path = objectOf(project, stage, file);
    if (what.startsWith('a missing')) change(path);
    else
      garble(path, () => {
        change(path);
      });
    const { code, ran, events, stderr } = await project.run();
    expect({ code, ran, stderr }).toEqual({ code: 0, ran: [stage], stderr: '' });
    const how = what.startsWith('a missing') ? 'is missing from' : 'was changed in';
    expect(events).toContainEqual({
      type: 'notice',
      stage,
      message: `${file} ${how} the cache; the stage runs again`,
    });
    expect(await project.executions()).toEqual(executions);
    expect(await project.read(shown)).toBe(joined);
    expect(corrupt(project)).toEqual([]);
    expect((await project.run()).ran).toEqual([]);
  });

  /** What may stand where an entry belongs. */
  const damagedEntries: readonly [string, (text: string, entry: CacheEntry) => string][] = [
    ['cut', (text) => text.slice(0, 40)],
    ['empty', () => ''],
    ['null', () => 'null'],
    ['an object without parts', () => '{}'],
    ['without digests', ({ length }, { key }) => JSON.stringify({ key, length, manifest: { files: [] } })],
    [
      'another key’s',
      (text, { key }) =>
        text.replaceAll(
          key,
          key.replace(/./, (c) => (c === '0' ? '1' : '0')),
        ),
    ],
    ['of other contents', (text) => text.replace(/("content": ")[0-9a-f]{8}/, '$100000000')],
    ['with a name that leads out', (text) => text.replaceAll('"joined.json"', '"../joined.json"')],
  ];

  it.each(damagedEntries)('finds an entry that is %s, says so and makes it again', async (_what, damage) => {
    const entry = entryOf(project, 'join');
    writeFileSync(entry.path, damage(readFileSync(entry.path, 'utf8'), entry));
    const status = await project.pipeline('status');
    expect({ code: status.code, stderr: status.stderr }).toEqual({ code: 0, stderr: '' });
    expect(status.stdout).toContain('join: its artifact is damaged in the cache\n');
    const { code, reasons, events } = await project.run();
    expect({ code, reasons }).toEqual({
      code: 0,
      reasons: { join: ['its artifact is damaged in the cache'] },
    });
    expect(events).toContainEqual({
      type: 'notice',
      stage: 'join',
      message: 'its entry was changed in the cache; the stage runs again',
    });
    expect(await project.executions()).toEqual(['join']);
    expect(await project.read(shown)).toBe(joined);
    expect((await project.run()).ran).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    [
      'a link to a device',
      (path) => {
        symlinkSync('/dev/zero', path);
      },
    ],
    [
      'a folder',
      (path) => {
        mkdirSync(path);
        writeFileSync(join(path, 'x'), 'y');
      },
    ],
  ])('waits for nothing where %s stands for an entry or a file, and makes it again', async (_what, put) => {
    for (const path of [entryOf(project, 'join').path, objectOf(project, 'join', 'joined.json')]) {
      rmSync(path);
      put(path);
      await project.forgetExecutions();
      const { code, ran } = await project.run();
      expect({ code, ran }).toEqual({ code: 0, ran: ['join'] });
      expect(await project.executions()).toEqual(['join']);
      expect((await project.run()).ran).toEqual([]);
      rmSync(path);
      put(path);
      const verified = await project.pipeline('verify');
      expect(verified.code).toBe(1);
      expect(verified.stderr).toMatch(/was changed; the next run makes it again\n$/);
      expect((await project.run()).ran).toEqual(['join']);
      expect((await project.pipeline('verify')).code).toBe(0);
    }
  });

  it('has entries that are not whole removed by verify and by gc', async () => {
    for (const command of [['verify'], ['gc', '--yes']]) {
      const { path, key } = entryOf(project, 'join');
      writeFileSync(path, '{}');
      const { stdout, stderr } = await project.pipeline(...command);
      expect(stdout + stderr).toContain(`entry of key ${key.slice(0, 12)}`);
      expect(existsSync(path)).toBe(false);
      expect((await project.run()).ran).toEqual(['join']);
    }
  });

  it.each(['null', '{}', '{"id":"x"}', '[]', '"text"'])(
    'takes a run’s record that is %s for none',
    async (text) => {
      const folder = project.path('artifacts/.cache/runs');
      const [id] = readdirSync(folder);
      writeFileSync(join(folder, id, 'run.json'), text);
      appendFileSync(join(folder, id, 'events.jsonl'), 'null\n{}\n');
      for (const command of ['runs', 'status', 'gc']) {
        const { stderr } = await project.pipeline(command);
        expect(stderr).toBe('');
      }
    },
  );

  it('is found whole by verify', async () => {
    const { code, stdout, stderr } = await project.pipeline('verify');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ files of 3 artifacts, [\d.]+ k?K?B: 0 damaged\n$/);
  });

  it.each([
    ['join', 'joined.json', ['join']],
    ['words', 'table.arrow', ['words a.txt', 'words b.txt']],
    ['upper', 'row index', ['upper a.txt', 'upper b.txt']],
  ])(
    'has what was changed in %s without a trace found by verify, and made again by the next run',
    async (stage, file, executions) => {
      const path = objectOf(project, stage, file);
      garble(
        path,
        () => {
          flipFirstByte(path);
        },
        { traceless: true },
      );
      // Size and time are as they were: a run that hashed all it takes from the cache would be no cache.
      expect((await project.run()).ran).toEqual([]);
      const { code, stdout, stderr } = await project.pipeline('verify');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: `${stage}: ${file} was changed; the next run makes it again\n`,
      });
      expect(stdout).toContain('1 damaged');
      const { ran } = await project.run();
      expect(ran).toContain(stage);
      expect(await project.executions()).toEqual(executions);
      expect(corrupt(project)).toEqual([]);
      expect(await project.read(shown)).toBe(joined);
      expect((await project.pipeline('verify')).code).toBe(0);
    },
  );

  it('lets what a stage makes anew win over a stored file that was changed without a trace', async () => {
    const path = objectOf(project, 'join', 'joined.json');
    garble(
      path,
      () => {
        flipFirstByte(path);
      },
      { traceless: true },
    );
    await project.run('--force');
    expect(corrupt(project)).toEqual([]);
  });
});

describe('gc', () => {
  let project: Project;

  beforeEach(async () => {
    project = await Project.create(wordsProject);
  });

  afterEach(async () => {
    await project.remove();
  });

  const gc = (...args: string[]) => project.pipeline('gc', ...args);
  const listing = (): string[] =>
    storedFiles(project)
      .map((path) => basename(path))
      .sort();
  const withEnd = (end: string): Promise<unknown> => project.run('--set', `upper.end=${end}`);
  const stages = (stdout: string): string[] =>
    stdout.split('\n').flatMap((line) => /^artifact of ([^,]+), key/.exec(line)?.[1] ?? []);

  it('has nothing to do where nothing ever ran', async () => {
    const { code, stdout } = await gc('--yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '0 B can go, 0 B stay\n' });
  });

  it('lists and deletes nothing unless told to; what the last runs and pipeline.lock need stays', async () => {
    for (const end of ['1', '2', '3']) await withEnd(end);
    const before = listing();
    const listed = await gc('--keep-runs', '2');
    expect(listed.code).toBe(0);
    expect(stages(listed.stdout).sort()).toEqual(['join', 'upper']);
    expect(listed.stdout).toMatch(/^run \S+: pipeline run --json --set upper.end=1$/m);
    expect(listed.stdout).toContain('nothing deleted; delete it with: pipeline gc --yes\n');
    expect(listing()).toEqual(before);
    const deleted = await gc('--keep-runs', '2', '--yes');
    expect(deleted.stdout).toMatch(/\ndeleted [\d.]+ (KB|B)\n$/);
    expect(listing().length).toBeLessThan(before.length);
    await project.forgetExecutions();
    for (const end of ['2', '3']) expect(await withEnd(end)).toMatchObject({ ran: [], code: 0 });
    expect(await project.executions()).toEqual([]);
    expect((await project.pipeline('verify')).code).toBe(0);
    expect(await withEnd('1')).toMatchObject({ ran: ['upper', 'join'] });
  });

  it('keeps what pipeline.lock names though no run is kept that used it', async () => {
    await withEnd('1');
    const lock = await project.read('pipeline.lock');
    await withEnd('2');
    await withEnd('3');
    await project.write('pipeline.lock', lock);
    expect(stages((await gc('--keep-runs', '1', '--yes')).stdout).sort()).toEqual(['join', 'upper']);
    await project.forgetExecutions();
    expect(await withEnd('1')).toMatchObject({ ran: [] });
    expect(await withEnd('3')).toMatchObject({ ran: [] });
    expect(await withEnd('2')).toMatchObject({ ran: ['upper', 'join'] });
  });

  it('keeps what a run used that failed later', async () => {
    await withEnd('1');
    await project.write('data/c.txt', 'broken');
    expect(await project.run()).toMatchObject({ code: 1 });
    await project.delete('data/c.txt');
    await gc('--keep-runs', '2', '--yes');
    expect(await withEnd('1')).toMatchObject({ ran: [] });
  });

  it('keeps runs by age and by size, and always the newest', async () => {
    for (const end of ['1', '2', '3']) await withEnd(end);
    const age = (folder: string): void => {
      const path = project.path(`artifacts/.cache/runs/${folder}/run.json`);
      const record = JSON.parse(readFileSync(path, 'utf8')) as { started: string };
      const old = new Date(Date.parse(record.started) - 3 * 86_400_000).toISOString();
      writeFileSync(path, JSON.stringify({ ...record, started: old }));
    };
    const [oldest, middle, newest] = readdirSync(project.path('artifacts/.cache/runs')).sort();
    age(oldest);
    expect(stages((await gc('--older-than', '2d')).stdout)).toHaveLength(2);
    expect(stages((await gc('--older-than', '4d')).stdout)).toHaveLength(0);
    age(middle);
    age(newest);
    expect(stages((await gc('--older-than', '2d')).stdout)).toHaveLength(4);
    expect(stages((await gc('--max-size', '1KB')).stdout)).toHaveLength(4);
    expect(stages((await gc('--max-size', '1GB')).stdout)).toHaveLength(0);
  });

  it.each([
    ['--max-size', 'lots', '--max-size takes a size such as 500MB or 20GB, not lots'],
    ['--older-than', '3', '--older-than takes an age such as 12h, 30d or 8w, not 3'],
    ['--keep-runs', 'x', '--keep-runs takes a whole number of at least 1'],
    ['--keep-runs', '0', '--keep-runs takes a whole number of at least 1'],
  ])('refuses %s %s', async (option, value, message) => {
    const { code, stderr } = await gc(option, value);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('waits for a run that is at work, and takes nothing of it', async () => {
    await withEnd('1');
    await project.edit(
      'stages/join/join.ts',
      'const texts',
      'while (!existsSync("go")) await new Promise((r) => setTimeout(r, 50)); const texts',
    );
    await project.edit('stages/join/join.ts', 'import {', 'import { existsSync,');
    await project.forgetExecutions();
    const run = project.start(['run', '--set', 'upper.end=2']);
    await until(async () => (await project.executions()).includes('upper b.txt'));
    const collecting = project.start(['gc', '--keep-runs', '1', '--yes']);
    let said = '';
    collecting.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(() => said.includes('waiting for run'));
    await project.write('go', '');
    const [ended, collected] = await Promise.all([once(run, 'exit'), once(collecting, 'exit')]);
    expect([ended[0], collected[0]]).toEqual([0, 0]);
    expect(await withEnd('2')).toMatchObject({ ran: [], code: 0 });
  });

  it('takes what killed runs left, and no file of the user', async () => {
    await withEnd('1');
    for (const name of ['tmp/x/out', 'checkpoints/y', 'rows/z/partial/left-1/out']) {
      await project.write(`artifacts/.cache/${name}/file`, 'left');
    }
    const mine = ['artifacts/mine.txt', 'data/a.txt', 'pipeline.yaml'];
    await project.write('artifacts/mine.txt', 'mine');
    await gc('--yes');
    for (const name of ['tmp/x', 'checkpoints/y', 'rows/z']) {
      expect(existsSync(project.path(`artifacts/.cache/${name}`))).toBe(false);
    }
    expect(mine.map((name) => existsSync(project.path(name)))).toEqual([true, true, true]);
    expect(existsSync(dirname(project.path('artifacts/join/joined.json')))).toBe(true);
  });
});
