import type { Argv } from 'yargs';
import type { TemporalArguments } from '../execute/temporal/connection.ts';

/** Where Temporal is and how it is reached: by flags, or by the environment under Temporal's own names. */
export function temporalOptions<T>(yargs: Argv<T>): Argv<T & TemporalArguments> {
  const text = (describe: string) => ({ type: 'string', group: 'Temporal:', describe }) as const;
  return yargs
    .option('address', text('Host and port of Temporal (TEMPORAL_ADDRESS; localhost:7233)'))
    .option('namespace', text('Its namespace (TEMPORAL_NAMESPACE; default)'))
    .option(
      'task-queue',
      text('The task queue that clients and workers share (TEMPORAL_TASK_QUEUE; pipeline)'),
    )
    .option('api-key', text('An API key (TEMPORAL_API_KEY)'))
    .option('tls', { type: 'boolean', group: 'Temporal:', describe: 'Connect by TLS (TEMPORAL_TLS)' })
    .option('tls-cert-path', text('Certificate of this client, for mTLS (TEMPORAL_TLS_CLIENT_CERT_PATH)'))
    .option('tls-key-path', text('Its private key (TEMPORAL_TLS_CLIENT_KEY_PATH)'))
    .option('tls-ca-path', text('Certificate of the authority to trust (TEMPORAL_TLS_SERVER_CA_CERT_PATH)'))
    .option(
      'tls-server-name',
      text('Name the server must prove (TEMPORAL_TLS_SERVER_NAME)'),
    ) as unknown as Argv<T & TemporalArguments>;
}
