import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { optionalPackage } from '../../runner/optional-package.ts';
import { python } from './python.ts';
import { freePort, onPath } from './servers.ts';
import { until } from './until.ts';

/** A Temporal server on loopback. */
export interface TemporalServer {
  readonly address: string;
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again after that, on the same address and the same database if it has one. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A server the tests can be run with, or why it is not there. */
export interface TemporalServerKind {
  readonly name: string;
  readonly reason: string | null;
  /** @param folder for a database. */
  start(folder: string): Promise<TemporalServer>;
}

/** Temporal's test server: small, in memory, from the Python packages of the tests. */
export function testServer(): TemporalServerKind {
  const { path, reason } = python();
  const name = 'temporal-test-server';
  const ofPython = path === null ? undefined : join(dirname(path), name);
  const program = ofPython !== undefined && existsSync(ofPython) ? ofPython : onPath(name);
  return {
    name,
    reason:
      missingSdk() ?? (program === undefined ? (reason ?? `no ${name} in the Python of the tests`) : null),
    start: () => startServer((port) => spawn(program!, [String(port)], quiet)),
  };
}

/** The server of Temporal's command line tool, which keeps its state in a database and outlives being killed. */
export function devServer(): TemporalServerKind {
  const program = process.env.TEMPORAL_CLI ?? onPath('temporal');
  return {
    name: 'temporal server start-dev',
    reason:
      missingSdk() ??
      (program === undefined
        ? 'no temporal on the PATH: go install github.com/temporalio/cli/cmd/temporal@v1.5.1'
        : null),
    start: (folder) =>
      startServer((port) =>
        spawn(
          program!,
          [
            ...['server', 'start-dev', '--headless', '--log-level', 'error', '--ip', '127.0.0.1'],
            ...['--port', String(port), '--db-filename', join(folder, 'temporal.db')],
          ],
          quiet,
        ),
      ),
  };
}

const quiet = { stdio: 'ignore' } as const;

function missingSdk(): string | null {
  const options = { home: resolve('.'), part: 'temporal', neededFor: 'Temporal' };
  return optionalPackage('@temporalio/worker', options).ok
    ? null
    : 'no Temporal SDK: npm run optional temporal';
}

async function startServer(start: (port: number) => ChildProcess): Promise<TemporalServer> {
  const port = await freePort();
  const launch = async (): Promise<ChildProcess> => {
    const child = start(port);
    await until(() => accepts(port));
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    address: `127.0.0.1:${port}`,
    kill,
    async restart() {
      child = await launch();
    },
    stop: kill,
  };
}

function accepts(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1');
    const end = (open: boolean) => () => {
      socket.destroy();
      settle(open);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });
}
