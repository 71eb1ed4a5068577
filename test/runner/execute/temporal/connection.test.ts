import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporalPlace } from '../../../../runner/execute/temporal/connection.ts';
import { loadSdk } from '../../../../runner/execute/temporal/sdk.ts';

describe('how Temporal is reached', () => {
  let folder: string;
  const pem = (name: string): string => join(folder, name);

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pem-'));
    for (const name of ['cert', 'key', 'ca']) writeFileSync(pem(name), `the ${name}`);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is on this machine, in the clear, where nothing is said', () => {
    expect(temporalPlace({}, {})).toEqual({
      connection: { address: 'localhost:7233' },
      namespace: 'default',
      taskQueue: 'pipeline',
    });
  });

  it('comes from the environment under Temporal’s names, and flags stand above it', () => {
    const env = {
      TEMPORAL_ADDRESS: 'lab:7233',
      TEMPORAL_NAMESPACE: 'speech',
      TEMPORAL_TLS_CLIENT_CERT_PATH: pem('cert'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: pem('key'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: pem('ca'),
      TEMPORAL_TLS_SERVER_NAME: 'temporal.lab',
    };
    const { connection, namespace } = temporalPlace({ namespace: 'other' }, env);
    expect(namespace).toBe('other');
    expect(connection).toEqual({
      address: 'lab:7233',
      tls: {
        serverNameOverride: 'temporal.lab',
        serverRootCACertificate: Buffer.from('the ca'),
        clientCertPair: { crt: Buffer.from('the cert'), key: Buffer.from('the key') },
      },
    });
    expect(temporalPlace({ tls: false }, env).connection).not.toHaveProperty('tls');
  });

  it('is by TLS with an API key', () => {
    expect(temporalPlace({ apiKey: 'secret' }, {}).connection).toEqual({
      address: 'localhost:7233',
      tls: {},
      apiKey: 'secret',
    });
    expect(temporalPlace({}, { TEMPORAL_TLS: 'true' }).connection).toHaveProperty('tls', {});
  });

  it('takes both halves of a key pair, that can be read', () => {
    expect(() => temporalPlace({ tlsCertPath: pem('cert') }, {})).toThrow(
      '--tls-cert-path is given without --tls-key-path',
    );
    const missing = { tlsCertPath: pem('none'), tlsKeyPath: pem('key') };
    expect(() => temporalPlace(missing, {})).toThrow(/cannot be read: ENOENT/);
  });

  it('needs the SDK, and says by which command that is installed', async () => {
    await expect(loadSdk('client', folder)).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        {
          message: 'the executor temporal needs the package @temporalio/client, which is not installed',
          hint: `Install it once, in ${folder}: npm run optional temporal`,
        },
      ],
    });
  });
});
