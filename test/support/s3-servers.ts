import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { optionalPackage } from '../../runner/optional-package.ts';
import { python } from './python.ts';
import { freePort, onPath } from './servers.ts';
import { until } from './until.ts';

/** A server that speaks S3's protocol, on loopback, with one empty bucket. */
export interface S3Server {
  readonly endpoint: string;
  readonly bucket: string;
  readonly stop: () => Promise<void>;
}

/** A server the tests can be run with, or why it is not there. */
export interface S3ServerKind {
  readonly name: string;
  readonly reason: string | null;
  start(): Promise<S3Server>;
}

/** Both servers take any; the SDK wants some. */
export const credentials = { AWS_ACCESS_KEY_ID: 'test-key', AWS_SECRET_ACCESS_KEY: 'test-secret' };

const bucket = 'shared';

function missingSdk(): string | null {
  const options = { home: resolve('.'), part: 's3', neededFor: 'S3' };
  return optionalPackage('@aws-sdk/client-s3', options).ok ? null : 'no AWS SDK: npm run optional s3';
}

function moto(): S3ServerKind {
  const { path, reason } = python();
  const program = path === null ? '' : join(dirname(path), 'moto_server');
  const missing = path !== null && !existsSync(program) ? 'no moto in the Python of the tests' : reason;
  return {
    name: 'moto',
    reason: missingSdk() ?? missing,
    start: () => startServer((port) => spawn(program, ['-H', '127.0.0.1', '-p', `${port}`], quiet)),
  };
}

function versitygw(): S3ServerKind {
  const program = working('versitygw');
  return {
    name: 'versitygw',
    reason:
      missingSdk() ??
      (program === undefined
        ? 'no versitygw on the PATH: go install github.com/versity/versitygw/cmd/versitygw@latest'
        : null),
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'versitygw-'));
      const [access, secret] = Object.values(credentials);
      const keys = { ROOT_ACCESS_KEY_ID: access, ROOT_SECRET_ACCESS_KEY: secret };
      const server = await startServer(
        (port) =>
          spawn(program!, ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', folder], {
            ...quiet,
            env: { ...process.env, ...keys },
          }),
        // A bucket is a folder there.
        () => mkdir(join(folder, bucket)),
      );
      return {
        ...server,
        async stop() {
          await server.stop();
          await rm(folder, { recursive: true });
        },
      };
    },
  };
}

export const s3Servers: readonly S3ServerKind[] = [moto(), versitygw()];

const quiet = { stdio: 'ignore' } as const;

async function startServer(
  start: (port: number) => ChildProcess,
  makeBucket?: () => Promise<unknown>,
): Promise<S3Server> {
  const port = await freePort();
  const child = start(port);
  const ended = new Promise((settle) => child.once('close', settle));
  const endpoint = `http://127.0.0.1:${port}`;
  await until(() =>
    fetch(endpoint).then(
      () => true,
      () => false,
    ),
  );
  // moto asks for no signature.
  await (makeBucket ?? (() => fetch(`${endpoint}/${bucket}`, { method: 'PUT' })))();
  return {
    endpoint,
    bucket,
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A program that is there and starts. */
function working(program: string): string | undefined {
  const path = onPath(program);
  if (path === undefined) return undefined;
  try {
    execFileSync(path, ['--version'], { stdio: 'ignore' });
    return path;
  } catch {
    return undefined;
  }
}
