import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

/** What the stand-in of Slurm is to do, beside running jobs. */
export interface FakeBehaviour {
  /** What `scontrol show config` prints; left out, no controller answers. */
  readonly settings?: string;
  /** What sbatch says in the place of taking a job, once so many have been taken. */
  readonly refuse?: string;
  readonly refuseAfter?: number;
  /** How jobs end, by name, in the place of being run. */
  readonly end?: Readonly<Record<string, { readonly state?: string; readonly reason?: string }>>;
}

export interface FakeSlurm {
  readonly env: Readonly<Record<string, string>>;
  /** Every call so far: the program and its arguments. */
  calls(): string[][];
  /** Arguments of the calls of a program. */
  callsOf(program: string): string[][];
  behave(behaviour: FakeBehaviour): void;
}

export const usualSettings =
  'Configuration data\nClusterName             = fake\nMaxArraySize            = 1001\n';

/** Puts stand-ins of Slurm's commands into a folder, for where there is no Slurm. */
export function fakeSlurm(folder: string): FakeSlurm {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = resolve('test/support/fake-slurm.mjs');
  for (const name of ['sbatch', 'squeue', 'scancel', 'scontrol']) {
    const path = join(bin, name);
    writeFileSync(path, `#!${process.execPath}\nprocess.argv[1] = '${name}';\nawait import('${program}');\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(bin, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'calls'), '');
  const behave = (behaviour: FakeBehaviour): void => {
    writeFileSync(join(folder, 'behaviour.json'), JSON.stringify(behaviour));
  };
  behave({ settings: usualSettings });
  const calls = (): string[][] =>
    readFileSync(join(folder, 'calls'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as string[]);
  return {
    env: { FAKE_SLURM: folder, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` },
    calls,
    callsOf: (name) => calls().flatMap(([called, ...args]) => (called === name ? [args] : [])),
    behave,
  };
}
