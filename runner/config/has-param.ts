import type { z } from 'zod';
import type { Draft } from './stages.ts';

/** Whether the instance's kind has a param of this name. A command takes any. */
export function hasParam({ uses }: Draft, name: string): boolean {
  if (uses?.type !== 'kind') {
    return uses?.type === 'command';
  }
  return Object.hasOwn(uses.kind.params.shape, name) || acceptsAny(uses.kind.params);
}

function acceptsAny({ def }: z.ZodObject): boolean {
  return def.catchall !== undefined && def.catchall._zod.def.type !== 'never';
}
