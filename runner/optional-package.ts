import { createRequire } from 'node:module';
import { join } from 'node:path';
import { failure, type Result, success } from './errors.ts';

/**
 * Where a package lies that the product does not bring along: in `optional/<part>/`, or wherever Node finds it from
 * there. Fails with the command that installs it.
 */
export function optionalPackage(
  name: string,
  options: { readonly home: string; readonly part: string; readonly neededFor: string },
): Result<string> {
  const { home, part, neededFor } = options;
  try {
    return success(createRequire(join(home, 'optional', part, 'package.json')).resolve(name));
  } catch {
    return failure({
      message: `${neededFor} needs the package ${name}, which is not installed`,
      hint: `Install it once, in ${home}: npm run optional ${part}`,
    });
  }
}
