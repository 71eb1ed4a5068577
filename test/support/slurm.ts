import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, onPath } from './servers.ts';
import { until } from './until.ts';

/** A cluster of two nodes on this machine, with a controller of its own. */
export interface SlurmCluster {
  /** What Slurm's commands need to find it. */
  readonly env: Readonly<Record<string, string>>;
  readonly nodes: readonly string[];
  /** Ends a node and all that runs on it, as the loss of a machine does. */
  lose(node: string): Promise<void>;
  /** Starts a node again after that. */
  bringBack(node: string): void;
  stop(): Promise<void>;
}

const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'squeue', 'scancel', 'scontrol', 'sinfo'];
/** Daemons lie where only an administrator's path leads. */
const folders = `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin`;

/** Why there can be no cluster here; null where there can. */
export function noSlurmCluster(): string | null {
  const missing = programs.filter((program) => onPath(program, folders) === undefined);
  if (missing.length > 0) return `no ${missing[0]} on the PATH: apt-get install slurm-wlm munge`;
  // Its daemons start jobs as other users.
  return process.getuid?.() === 0 ? null : 'Slurm can be started by root alone';
}

const execute = promisify(execFile);

const seconds = 1;

export async function startSlurmCluster(): Promise<SlurmCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-slurm-'));
  const nodes = ['n1', 'n2'];
  const ports = new Map<string, number>();
  for (const name of ['controller', ...nodes]) ports.set(name, await freePort());
  for (const name of ['munge', 'state', ...nodes]) mkdirSync(join(folder, name), { mode: 0o700 });
  writeFileSync(join(folder, 'munge', 'key'), randomBytes(128), { mode: 0o600 });
  const conf = join(folder, 'slurm.conf');
  writeFileSync(conf, configuration(folder, nodes, ports));
  const env = { SLURM_CONF: conf, PATH: folders };
  const daemons = new Map<string, ChildProcess>();
  const start = (name: string, program: string, ...args: string[]): void => {
    const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: 'ignore' });
    daemons.set(name, child);
  };
  const socket = join(folder, 'munge', 'socket');
  const inMunge = (name: string): string => join(folder, 'munge', name);
  start(
    'munged',
    'munged',
    ...['--foreground', '--force', `--socket=${socket}`, `--key-file=${inMunge('key')}`],
    ...[`--log-file=${inMunge('log')}`, `--pid-file=${inMunge('pid')}`, `--seed-file=${inMunge('seed')}`],
  );
  const startNode = (node: string): void => {
    start(node, 'slurmd', '-D', '-N', node);
  };
  const stop = async (): Promise<void> => {
    for (const node of nodes) for (const pid of processesOf(conf, node)) killProcess(pid);
    // The authentication last: the others take their leave by it.
    for (const name of [...nodes, 'controller', 'munged']) {
      const daemon = daemons.get(name);
      if (daemon !== undefined) await kill(daemon, 'SIGTERM');
    }
    await rm(folder, { recursive: true, force: true });
  };
  const idle = async (): Promise<boolean> => {
    const args = ['--noheader', '--Node', '--format=%T'];
    const said = await execute('sinfo', args, { env: { ...process.env, ...env } }).catch(() => undefined);
    return (
      (said?.stdout ?? '')
        .trim()
        .split('\n')
        .filter((state) => state === 'idle').length === nodes.length
    );
  };
  try {
    await until(() => readdirSync(join(folder, 'munge')).includes('socket'));
    start('controller', 'slurmctld', '-D');
    for (const node of nodes) startNode(node);
    await until(idle);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    env,
    nodes,
    async lose(node) {
      const daemon = daemons.get(node)!;
      // First the daemon: it would report that what it started is gone, and that would be no loss of the node.
      await kill(daemon, 'SIGKILL');
      for (const pid of processesOf(conf, node)) killProcess(pid);
    },
    bringBack: startNode,
    stop,
  };
}

async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/**
 * Processes of the jobs on a node of the cluster, and before them those of Slurm that watch over them: these would report
 * that a job has failed.
 */
function processesOf(conf: string, node: string): number[] {
  const ofJobs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const environment = readOf(pid, 'environ').split('\0');
      return environment.includes(`SLURMD_NODENAME=${node}`) && environment.includes(`SLURM_CONF=${conf}`);
    });
  const parents = new Set(
    ofJobs.map((pid) => Number(/^PPid:\s*(\d+)/m.exec(readOf(pid, 'status'))?.[1] ?? 0)),
  );
  const watching = [...parents].filter((pid) => readOf(pid, 'comm').trim() === 'slurmstepd');
  return [...watching, ...ofJobs];
}

/** Empty of a process that has ended, or is another user's. */
function readOf(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function configuration(folder: string, nodes: readonly string[], ports: ReadonlyMap<string, number>): string {
  const settings = {
    ClusterName: 'test',
    SlurmctldHost: 'localhost(127.0.0.1)',
    SlurmctldPort: ports.get('controller'),
    AuthType: 'auth/munge',
    // What is queued again waits until the credentials of its first attempt have expired.
    AuthInfo: `socket=${folder}/munge/socket,cred_expire=5`,
    CredType: 'cred/munge',
    SlurmUser: 'root',
    SlurmdUser: 'root',
    StateSaveLocation: `${folder}/state`,
    SlurmdSpoolDir: `${folder}/%n`,
    SlurmctldPidFile: `${folder}/slurmctld.pid`,
    SlurmdPidFile: `${folder}/slurmd-%n.pid`,
    SlurmctldLogFile: `${folder}/slurmctld.log`,
    SlurmdLogFile: `${folder}/slurmd-%n.log`,
    ProctrackType: 'proctrack/linuxproc',
    TaskPlugin: 'task/none',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU',
    SchedulerType: 'sched/backfill',
    SchedulerParameters: `sched_interval=${seconds},bf_interval=${seconds},batch_sched_delay=0`,
    AccountingStorageType: 'accounting_storage/none',
    JobAcctGatherType: 'jobacct_gather/none',
    MpiDefault: 'none',
    // Nobody else is to reach them.
    CommunicationParameters: 'NoInAddrAny,NoCtldInAddrAny',
    ReturnToService: 2,
    SlurmdTimeout: 4,
    KillWait: 5,
    MessageTimeout: 5,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  const ofNodes = nodes.map(
    (name) =>
      `NodeName=${name} NodeHostname=localhost NodeAddr=127.0.0.1 Port=${ports.get(name)} CPUs=2 State=UNKNOWN`,
  );
  return [
    ...lines,
    ...ofNodes,
    'PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP',
    '',
  ].join('\n');
}
