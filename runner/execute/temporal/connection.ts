import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from '@temporalio/client';
import { PipelineError } from '../../errors.ts';

/** Where Temporal is and how it is reached: by flags, or by the environment under Temporal's own names. */
export interface TemporalArguments {
  readonly address: string | undefined;
  readonly namespace: string | undefined;
  readonly taskQueue: string | undefined;
  readonly apiKey: string | undefined;
  readonly tls: boolean | undefined;
  readonly tlsCertPath: string | undefined;
  readonly tlsKeyPath: string | undefined;
  readonly tlsCaPath: string | undefined;
  readonly tlsServerName: string | undefined;
}

export interface TemporalPlace {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
  readonly taskQueue: string;
}

/** @throws PipelineError where a file of TLS cannot be read, or only half of a key pair is given. */
export function temporalPlace(args: Partial<TemporalArguments>, env: NodeJS.ProcessEnv): TemporalPlace {
  const apiKey = args.apiKey ?? env.TEMPORAL_API_KEY;
  const tls = tlsOf(args, env, apiKey !== undefined);
  return {
    connection: {
      address: args.address ?? env.TEMPORAL_ADDRESS ?? 'localhost:7233',
      ...(tls !== undefined && { tls }),
      ...(apiKey !== undefined && { apiKey }),
    },
    namespace: args.namespace ?? env.TEMPORAL_NAMESPACE ?? 'default',
    taskQueue: args.taskQueue ?? env.TEMPORAL_TASK_QUEUE ?? 'pipeline',
  };
}

function tlsOf(
  args: Partial<TemporalArguments>,
  env: NodeJS.ProcessEnv,
  byDefault: boolean,
): ConnectionOptions['tls'] {
  const cert = args.tlsCertPath ?? env.TEMPORAL_TLS_CLIENT_CERT_PATH;
  const key = args.tlsKeyPath ?? env.TEMPORAL_TLS_CLIENT_KEY_PATH;
  const authority = args.tlsCaPath ?? env.TEMPORAL_TLS_SERVER_CA_CERT_PATH;
  const serverName = args.tlsServerName ?? env.TEMPORAL_TLS_SERVER_NAME;
  if ((cert === undefined) !== (key === undefined)) {
    const [has, lacks] =
      cert === undefined ? ['--tls-key-path', '--tls-cert-path'] : ['--tls-cert-path', '--tls-key-path'];
    throw new PipelineError([{ message: `${has} is given without ${lacks}`, hint: 'mTLS takes both.' }], 2);
  }
  const wanted = args.tls ?? asBoolean(env.TEMPORAL_TLS);
  const named = [cert, authority, serverName].some((value) => value !== undefined);
  if (wanted === false || (wanted === undefined && !named && !byDefault)) return undefined;
  return {
    ...(serverName !== undefined && { serverNameOverride: serverName }),
    ...(authority !== undefined && { serverRootCACertificate: readPem(authority) }),
    ...(cert !== undefined &&
      key !== undefined && { clientCertPair: { crt: readPem(cert), key: readPem(key) } }),
  };
}

function asBoolean(text: string | undefined): boolean | undefined {
  if (text === undefined || text === '') return undefined;
  return text === '1' || text.toLowerCase() === 'true';
}

function readPem(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new PipelineError(
      [{ message: `cannot be read: ${(error as Error).message}`, place: { file: path } }],
      2,
    );
  }
}
