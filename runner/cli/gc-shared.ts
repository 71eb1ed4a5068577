import { dirname, resolve } from 'node:path';
import { openStore } from '../cache/shared/open.ts';
import { type ObjectStore, StoreError } from '../cache/store/object-store.ts';
import { parseCacheAddress } from '../config/cache-address.ts';
import { PipelineError } from '../errors.ts';
import { formatSize } from '../logging/size.ts';
import { collectShared, planSharedGc, type SharedGcPlan } from '../maintain/shared-gc.ts';
import { confirmed } from './confirmed.ts';
import { productHome, type Terminal, unwrap } from './context.ts';
import type { GcArguments } from './gc.ts';
import { parseAge } from './quantity.ts';

/** Collects what is old in a shared cache. */
export async function gcShared(
  args: GcArguments & { readonly cache: string },
  terminal: Terminal,
): Promise<number> {
  const place = { file: `--cache ${args.cache}` };
  const address = parseCacheAddress(args.cache);
  if ('problem' in address) {
    throw new PipelineError([{ message: `the cache ${address.problem}`, place }], 2);
  }
  if (args.olderThan === undefined || args.maxSize !== undefined) {
    const message = 'of a shared cache, only age tells what may go';
    throw new PipelineError([{ message, place, hint: 'Name it, and no size: --older-than 90d' }], 2);
  }
  const before = Date.now() - parseAge(args.olderThan, '--older-than');
  const store = unwrap(openStore(address, { folder: dirname(resolve(args.file)), home: productHome() }));
  try {
    const silenceMilliseconds = address.timeoutSeconds * 1000;
    const plan = await planSharedGc(store, { before, silenceMilliseconds }, terminal.signal);
    terminal.stdout(list(plan, store));
    if (plan.files.length === 0 && plan.entries.length === 0) return 0;
    if (!args.yes && !(await confirmed(terminal))) {
      terminal.stdout(
        `nothing deleted; delete it with: pipeline gc --cache ${args.cache} --older-than ${args.olderThan} --yes\n`,
      );
      return 0;
    }
    await collectShared(store, plan, terminal.signal);
    terminal.stdout(`deleted ${formatSize(plan.bytes)}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { message, hint } = error;
    throw new PipelineError([{ message, place, ...(hint !== undefined && { hint }) }], 1);
  } finally {
    store.close();
  }
}

function list({ entries, files, bytes, keptBytes }: SharedGcPlan, { address }: ObjectStore): string {
  const lines = [...entries, ...files].map(({ name, size }) => `${name}  ${formatSize(size)}`);
  lines.push(`${formatSize(bytes)} of ${address} can go, ${formatSize(keptBytes)} stay`);
  return `${lines.join('\n')}\n`;
}
