import { posix } from 'node:path';
import type { Problem } from '../errors.ts';
import { plain, type Located } from './located.ts';

/** Who makes each out. */
export type OutOwners = Map<string, string>;

/**
 * The outs of a command, as plain paths. They are removed before the command runs, so each must lie inside the folder of
 * pipeline.yaml and belong to one instance alone.
 */
export function readOuts(
  node: Located | undefined,
  instance: string,
  owners: OutOwners,
  problems: Problem[],
): string[] {
  if (node?.type !== 'list') return [];
  return node.items.map((item) => {
    const { place } = item;
    const out = posix.normalize(String(plain(item))).replace(/\/$/, '');
    const [top] = out.split('/');
    if (posix.isAbsolute(out) || top === '..' || out === '.') {
      const message = `${out} ${out === '.' ? 'is' : 'lies outside'} the folder of pipeline.yaml`;
      problems.push({ message, place, hint: 'an out is a file or folder below it' });
    } else if (top === 'artifacts') {
      const hint = `artifacts/ shows what stages made; ${instance} will lie there by itself`;
      problems.push({ message: `${out} lies in artifacts/`, place, hint });
    }
    for (const [other, owner] of owners) {
      if (other !== out && !other.startsWith(`${out}/`) && !out.startsWith(`${other}/`)) continue;
      const both = other === out ? '' : `, which makes ${other}`;
      const hint =
        owner.split('[')[0] === instance.split('[')[0]
          ? 'put a ${matrix key} into its name'
          : 'give it another name';
      problems.push({ message: `${out} is an out of ${owner} too${both}`, place, hint });
      break;
    }
    owners.set(out, instance);
    return out;
  });
}
