import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { onPath } from './servers.ts';

/** Why no certificates can be made, or null. */
export const certificatesReason = onPath('openssl') === undefined ? 'no openssl on the PATH' : null;

/** Files of an authority, and of a server and a client that it vouches for. */
export interface Certificates {
  readonly authority: string;
  readonly server: { readonly cert: string; readonly key: string };
  readonly client: { readonly cert: string; readonly key: string };
}

/** Makes certificates that are good for a day; the server's is for the name `temporal.test`. */
export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  openssl('req', '-x509', ...key, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  const signed = (name: string, host: string): { cert: string; key: string } => {
    const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'basicConstraints=CA:FALSE'];
    const of = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
    openssl('req', '-x509', ...key, ...by, ...of, '-keyout', `${name}.key`, '-out', `${name}.pem`);
    return { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  };
  return {
    authority: join(folder, 'ca.pem'),
    server: signed('server', 'temporal.test'),
    client: signed('client', 'client.test'),
  };
}

/** A door to a server on loopback that speaks TLS, and lets in whom the authority vouches for. */
export async function tlsDoor(
  { authority, server }: Certificates,
  address: string,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const port = Number(address.split(':').at(-1));
  const sockets = new Set<Socket>();
  const door = createServer(
    {
      cert: readFileSync(server.cert),
      key: readFileSync(server.key),
      ca: readFileSync(authority),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    },
    (inside) => {
      const outside = connect(port, '127.0.0.1');
      for (const socket of [inside, outside]) {
        sockets.add(socket);
        socket
          .on('error', () => undefined)
          .on('close', () => {
            inside.destroy();
            outside.destroy();
          });
      }
      inside.pipe(outside).pipe(inside);
    },
  );
  door.on('tlsClientError', () => undefined);
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  return {
    address: `127.0.0.1:${(door.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      door.close();
      await once(door, 'close');
    },
  };
}
