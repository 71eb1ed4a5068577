import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seconds, writeFiles } from './projects.mjs';

/**
 * The transformation and the join as programs: what both rivals run.
 * @param {number} milliseconds
 */
const transform = (milliseconds) => `import pathlib, time
out = pathlib.Path('upper')
out.mkdir(exist_ok=True)
for file in pathlib.Path('data').iterdir():
    time.sleep(${milliseconds / 1000})
    (out / file.name).write_text(file.read_text().upper())
`;
const join = `import pathlib
files = sorted(pathlib.Path('upper').iterdir())
pathlib.Path('joined.txt').write_text(''.join(file.read_text() for file in files))
`;

/**
 * DVC as it does this fastest: one stage over the whole folder, since it has none by the file.
 * @param {string} scratch
 * @param {string} dvc
 * @param {number} files
 * @param {number} milliseconds that each takes
 */
export function dvcSide(scratch, dvc, files, milliseconds) {
  const folder = path.join(scratch, `dvc-${milliseconds}`);
  writeFiles(path.join(folder, 'data'), files);
  writeFileSync(path.join(folder, 'transform.py'), transform(milliseconds));
  writeFileSync(path.join(folder, 'join.py'), join);
  writeFileSync(
    path.join(folder, 'dvc.yaml'),
    `stages:
  upper:
    cmd: python3 transform.py
    deps: [data, transform.py]
    outs: [upper]
  join:
    cmd: python3 join.py
    deps: [upper, join.py]
    outs: [joined.txt]
`,
  );
  execFileSync(dvc, ['init', '--no-scm', '--quiet'], { cwd: folder, stdio: 'ignore' });
  execFileSync(dvc, ['config', 'core.analytics', 'false'], { cwd: folder, stdio: 'ignore' });
  return { name: 'dvc', folder, run: () => seconds(dvc, ['repro', '--quiet'], folder) };
}

/**
 * Snakemake as it is written for this: a rule for a file. The outputs of the first run are made beforehand and declared
 * up to date, since 1,440 jobs of its own would take minutes.
 * @param {string} scratch
 * @param {string} snakemake
 * @param {number} files
 * @param {number} milliseconds that each takes
 */
export function snakemakeSide(scratch, snakemake, files, milliseconds) {
  const folder = path.join(scratch, `snakemake-${milliseconds}`);
  writeFiles(path.join(folder, 'data'), files);
  writeFileSync(path.join(folder, 'transform.py'), transform(0));
  writeFileSync(path.join(folder, 'join.py'), join);
  writeFileSync(
    path.join(folder, 'Snakefile'),
    `names = glob_wildcards('data/{name}.txt').name
rule all:
    input: 'joined.txt'
rule upper:
    input: 'data/{name}.txt'
    output: 'upper/{name}.txt'
    shell: 'sleep ${milliseconds / 1000}; tr a-z A-Z < {input} > {output}'
rule join:
    input: expand('upper/{name}.txt', name=names)
    output: 'joined.txt'
    shell: 'python3 join.py'
`,
  );
  const options = { cwd: folder, stdio: /** @type {const} */ ('ignore') };
  mkdirSync(path.join(folder, 'upper'));
  execFileSync('python3', ['transform.py'], options);
  execFileSync('python3', ['join.py'], options);
  if (readdirSync(path.join(folder, 'upper')).length !== files)
    throw new Error('the transformation is wrong');
  execFileSync(snakemake, ['--cores', '2', '--touch', '--quiet', 'all'], options);
  return {
    name: 'snakemake',
    folder,
    run: () => seconds(snakemake, ['--cores', '2', '--quiet', 'all'], folder),
  };
}
