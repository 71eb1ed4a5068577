import { afterEach, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, link, mkdir, rename, rm, symlink } from 'node:fs/promises';
import { Project } from '../../support/rig.ts';
import { until } from '../../support/until.ts';

/** A stage that notes its executions and writes a file and a folder. */
const gen = `
  gen:
    run: 'echo gen >> $COUNTS; mkdir -p out/sub; node -p "JSON.parse(process.env.PIPELINE_PARAMS).a" > g.txt; cp g.txt out/sub/g.txt'
    with: {a: 1}
    outs: [g.txt, out]
`;

describe('outs', () => {
  let project: Project;

  afterEach(async () => {
    await project.remove();
  });

  const start = async (files: Readonly<Record<string, string>> = {}): Promise<void> => {
    project = await Project.create({ 'pipeline.yaml': `stages:${gen}`, ...files });
  };
  const started = async (): Promise<void> => {
    await start();
    expect(await project.run()).toMatchObject({ code: 0, ran: ['gen'] });
    await project.forgetExecutions();
  };
  const refusal = async (...args: string[]): Promise<string> => {
    const { code, stderr } = await project.pipeline('run', ...args);
    expect(code).toBe(2);
    expect(await project.executions()).toEqual([]);
    return stderr.split('\n')[0];
  };
  const asides = (): string[] => {
    const folder = project.path('artifacts/.aside');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
  };

  it('that a person put there are refused before anything runs, by run, --dry-run and status', async () => {
    await start({ 'out/notes.txt': 'mine', 'out/sub/.hidden': 'mine too', 'g.txt': 'g' });
    const message =
      'pipeline.yaml:2:3: g.txt, out/notes.txt, out/sub/.hidden stand where gen writes its outs, and were not made by it';
    for (const args of [[], ['--force'], ['--dry-run'], ['--keep-going']]) {
      const line = await refusal(...args);
      expect(line.replace('out/sub/.hidden, out/notes.txt', 'out/notes.txt, out/sub/.hidden')).toBe(message);
    }
    expect((await project.pipeline('status')).stdout).toContain('g.txt');
    expect(await project.read('out/notes.txt')).toBe('mine');
    expect(await project.read('g.txt')).toBe('g');
  });

  it('that a person put there make room with --adopt, and nothing is lost', async () => {
    await start({ 'out/notes.txt': 'mine' });
    const { code, ran, events } = await project.run('--adopt');
    expect({ code, ran }).toEqual({ code: 0, ran: ['gen'] });
    expect(asides()).toHaveLength(1);
    expect(readFileSync(asides()[0], 'utf8')).toBe('mine');
    expect(JSON.stringify(events)).toContain(
      'out/notes.txt was not made by the stage; it is kept as artifacts/.aside/',
    );
    expect(existsSync(project.path('out/notes.txt'))).toBe(false);
    expect((await project.run()).code).toBe(0);
  });

  it('names few of many, with their number', async () => {
    await start(Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`out/${at}`, 'x'])));
    expect(await refusal()).toMatch(/: (out\/\d+, ){2}out\/\d+ and 17 more stand where gen writes its outs/);
  });

  it('that were edited are refused, and put back once the edit is gone', async () => {
    await started();
    await project.write('out/sub/g.txt', 'edited');
    expect(await refusal()).toBe('pipeline.yaml:2:3: out/sub/g.txt was edited after gen made it');
    expect(await refusal('--set', 'gen.a=2')).toContain('edited after');
    await project.write('stray.txt', '');
    await project.delete('out/sub/g.txt');
    expect((await project.run()).ran).toEqual([]);
    expect(await project.read('out/sub/g.txt')).toBe('1\n');
    expect(await project.executions()).toEqual([]);
  });

  it('with a file of a person in a folder of theirs are refused', async () => {
    await started();
    await project.write('out/sub/readme.md', 'mine');
    expect(await refusal()).toContain('out/sub/readme.md stands where gen writes its outs');
    expect(await refusal('--set', 'gen.a=2')).toContain('out/sub/readme.md');
    expect(await project.read('out/sub/readme.md')).toBe('mine');
  });

  it('may be an empty folder that a person made', async () => {
    await start();
    await mkdir(project.path('out/sub'), { recursive: true });
    expect((await project.run()).code).toBe(0);
  });

  it('that are links lose the link, never what it leads to', async () => {
    project = await Project.create({
      'pipeline.yaml':
        'stages:\n  l: {run: "echo l >> $COUNTS; ln -s ../data/mine.txt out/l", outs: [out/l], with: {a: 1}}\n',
      'data/mine.txt': 'mine',
    });
    await project.run();
    await project.delete('out/l');
    await project.write('data/other.txt', 'other');
    await symlink('../data/other.txt', project.path('out/l'));
    expect((await project.pipeline('run')).stderr).toContain('out/l was edited after l made it');
    await project.run('--adopt', '--set', 'l.a=2');
    expect(await project.read('data/mine.txt')).toBe('mine');
    expect(await project.read('data/other.txt')).toBe('other');
    expect(await project.run('--set', 'l.a=3')).toMatchObject({ code: 0, ran: ['l'] });
    expect(await project.read('data/mine.txt')).toBe('mine');
  });

  it('that lie beyond a link to a folder count where they really lie', async () => {
    await start({ 'data/x.csv': 'mine' });
    await symlink('data', project.path('here'));
    await project.write('pipeline.yaml', 'stages:\n  t: {run: "true", deps: [data], outs: [here/x.csv]}\n');
    expect(await refusal()).toBe('pipeline.yaml:2:41: here/x.csv lies in data, a dep of t itself');
    await project.write('pipeline.yaml', 'stages:\n  t: {run: "true", outs: [here/x.csv]}\n');
    expect(await refusal()).toContain('here/x.csv stands where t writes its outs');
    expect(await project.read('data/x.csv')).toBe('mine');
  });

  it('that are second names of a file leave the other name alone', async () => {
    await started();
    await link(project.path('g.txt'), project.path('copy.txt'));
    expect((await project.run('--set', 'gen.a=2')).ran).toEqual(['gen']);
    expect(await project.read('copy.txt')).toBe('1\n');
    expect(await project.read('g.txt')).toBe('2\n');
  });

  it('are recognised by their content where artifacts/ is gone, by pipeline.lock', async () => {
    await started();
    await rm(project.path('artifacts'), { recursive: true });
    expect(await project.run()).toMatchObject({ code: 0, ran: ['gen'] });
    await rm(project.path('artifacts'), { recursive: true });
    await project.write('g.txt', 'edited');
    await project.forgetExecutions();
    expect(await refusal()).toContain('g.txt');
  });

  it('are recognised by their content where another branch brings other ones, by the cache', async () => {
    await started();
    await cp(project.path('out'), project.path('branch/out'), { recursive: true });
    await cp(project.path('g.txt'), project.path('branch/g.txt'));
    await project.run('--set', 'gen.a=2');
    await rm(project.path('out'), { recursive: true });
    await rename(project.path('branch/out'), project.path('out'));
    await rename(project.path('branch/g.txt'), project.path('g.txt'));
    expect(await project.run('--set', 'gen.a=2')).toMatchObject({ code: 0, ran: [] });
    expect(await project.read('g.txt')).toBe('2\n');
  });

  it('stay the own of a stage that was renamed, of another pipeline file, and in a copied workspace', async () => {
    await started();
    await project.edit('pipeline.yaml', '\n  gen:', '\n  made:');
    expect(await project.run('--set', 'made.a=2')).toMatchObject({ code: 0, ran: ['made'] });
    await project.write('other.yaml', await project.read('pipeline.yaml'));
    expect(await project.run('-f', 'other.yaml', '--set', 'made.a=3')).toMatchObject({ code: 0 });
    expect(await project.read('g.txt')).toBe('3\n');
    const copy = await Project.create({});
    await cp(project.folder, copy.folder, { recursive: true });
    expect(await copy.run('--set', 'made.a=4')).toMatchObject({ code: 0, ran: ['made'] });
    await copy.remove();
  });

  it('may turn from a file into a folder and back', async () => {
    await started();
    const [file, folder] = ['echo 1 > x', 'mkdir x; echo 2 > x/y'];
    for (const run of [file, folder, file]) {
      await project.write('pipeline.yaml', `stages:\n  t: {run: "${run}", outs: [x]}\n`);
      expect((await project.run()).code).toBe(0);
    }
    await project.write('pipeline.yaml', 'stages:\n  t: {run: "echo 3 > x/z", outs: [x/z]}\n');
    expect((await project.run()).code).toBe(0);
    expect(await project.read('x/z')).toBe('3\n');
    await project.write('pipeline.yaml', `stages:\n  t: {run: "${file}", outs: [x]}\n`);
    expect((await project.run()).code).toBe(0);
  });

  it('of which a person has made a folder’s place a file are refused', async () => {
    await start({ 'pipeline.yaml': 'stages:\n  t: {run: "true", outs: [a/b]}\n', a: 'mine' });
    expect(await refusal()).toContain('a stands where t writes its outs');
  });

  it('that a failed command left are cleared by the next run, and a file put among them is not', async () => {
    await start({
      'pipeline.yaml':
        'stages:\n  t: {run: "mkdir out; echo part > out/part; exit $(cat code)", deps: [code], outs: [out]}\n',
      code: '1',
    });
    expect((await project.run()).code).toBe(1);
    expect(await project.read('out/part')).toBe('part\n');
    await project.write('out/mine', 'mine');
    expect(await refusal()).toContain('out/mine stands');
    await project.delete('out/mine');
    await project.write('code', '0');
    expect((await project.run()).code).toBe(0);
  });

  it('that a killed run left are kept aside', async () => {
    await start({
      'pipeline.yaml':
        'stages:\n  t: {run: "mkdir out; echo part > out/part; [ -e go ] || sleep 600", outs: [out]}\n',
    });
    const child = project.start(['run']);
    await until(() => existsSync(project.path('out/part')));
    const ended = new Promise((settle) => child.once('close', settle));
    child.kill('SIGKILL');
    await ended;
    await project.write('out/mine', 'mine');
    await project.write('go', '');
    expect(await project.run()).toMatchObject({ code: 0, ran: ['t'] });
    expect(
      asides()
        .map((path) => path.split('/').at(-1))
        .sort(),
    ).toEqual(['mine', 'part']);
    expect(existsSync(project.path('out/mine'))).toBe(false);
  });

  it('that are read-only, or lie in a folder that is, are replaced', async () => {
    await start({
      'pipeline.yaml':
        'stages:\n  t: {run: "mkdir -p out/in; cat a > out/in/x; chmod 444 out/in/x; chmod 555 out/in out", deps: [a], outs: [out]}\n',
      a: '1',
    });
    expect((await project.run()).code).toBe(0);
    await project.write('a', '2');
    expect((await project.run()).code).toBe(0);
    expect(await project.read('out/in/x')).toBe('2');
    await project.write('a', '1');
    expect(await project.run()).toMatchObject({ code: 0, ran: [] });
    expect(await project.read('out/in/x')).toBe('1');
    await chmod(project.path('out'), 0o755);
    await chmod(project.path('out/in'), 0o755);
  });
});
