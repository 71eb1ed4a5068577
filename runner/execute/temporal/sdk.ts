import type * as Activity from '@temporalio/activity';
import type * as Client from '@temporalio/client';
import type * as Worker from '@temporalio/worker';
import { pathToFileURL } from 'node:url';
import { PipelineError } from '../../errors.ts';
import { optionalPackage } from '../../optional-package.ts';

interface Packages {
  readonly client: typeof Client;
  readonly worker: typeof Worker;
  readonly activity: typeof Activity;
}

/**
 * Loads a package of Temporal's SDK, which is no dependency of the product. `home` is the folder of the product.
 *
 * @throws PipelineError with the command that installs it, where it is not there.
 */
export async function loadSdk<Name extends keyof Packages>(
  name: Name,
  home: string,
): Promise<Packages[Name]> {
  const module = (await import(pathToFileURL(resolveSdk(name, home)).href)) as {
    default?: Packages[Name];
  } & Packages[Name];
  // The packages are of the older module system: all they export is on the default.
  return module.default ?? module;
}

/** @throws PipelineError where the package is not there. */
export function resolveSdk(name: keyof Packages | 'workflow', home: string): string {
  const options = { home, part: 'temporal', neededFor: 'the executor temporal' };
  const path = optionalPackage(`@temporalio/${name}`, options);
  if (!path.ok) throw new PipelineError(path.problems, 2);
  return path.value;
}
