import { posix } from 'node:path';
import type { Problem } from '../../errors.ts';
import { plain, type Located } from '../located.ts';

/** The outs of a command, as plain paths. Each must lie inside the folder of pipeline.yaml. */
export function readOuts(node: Located | undefined, problems: Problem[]): string[] {
  if (node?.type !== 'list') return [];
  return node.items.map((item) => {
    const out = plainPath(String(plain(item)));
    const fault = faultOf(out);
    if (fault !== undefined) problems.push({ ...fault, place: item.place });
    return out;
  });
}

/** `./a//b/` → `a/b`, `a/../b` → `b`. */
export function plainPath(written: string): string {
  return posix.normalize(written).replace(/(?<=.)\/+$/, '');
}

/** Whether a plain path can be an out at all. */
export function isOut(path: string): boolean {
  return faultOf(path) === undefined;
}

function faultOf(out: string): Pick<Problem, 'message' | 'hint'> | undefined {
  const [top] = out.split('/');
  const hint = 'an out is a file or folder below it';
  if (out === '.') return { message: '. is the folder of pipeline.yaml', hint };
  if (posix.isAbsolute(out) || top === '..') {
    return { message: `${out} lies outside the folder of pipeline.yaml`, hint };
  }
  if (top === '~') {
    return { message: `${out} lies outside the folder of pipeline.yaml: only a shell knows ~`, hint };
  }
  if (out.includes('\0')) return { message: 'an out has a zero byte in its name' };
  return undefined;
}
