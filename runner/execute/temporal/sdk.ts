import type * as Activity from '@temporalio/activity';
import type * as Client from '@temporalio/client';
import type * as Worker from '@temporalio/worker';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PipelineError } from '../../errors.ts';

/** The versions that this was written for and is tested with. */
export const sdkVersion = '1.24.0';

const packages = ['client', 'worker', 'workflow', 'activity'] as const;

export const installCommand = `npm install --no-save --ignore-scripts ${packages
  .map((name) => `@temporalio/${name}@${sdkVersion}`)
  .join(' ')}`;

interface Modules {
  readonly client: typeof Client;
  readonly worker: typeof Worker;
  readonly activity: typeof Activity;
}

/** The folders below whose `node_modules` the SDK may lie; NODE_PATH counts too. */
export interface SdkPlaces {
  readonly workspace: string;
  readonly home: string;
}

/**
 * Loads a package of Temporal's SDK, which is no dependency of the product.
 *
 * @throws PipelineError with the command that installs it, where it is not there.
 */
export async function loadSdk<Name extends keyof Modules>(
  name: Name,
  places: SdkPlaces,
): Promise<Modules[Name]> {
  const entry = resolveSdk(name, places);
  const module = (await import(pathToFileURL(entry).href)) as { default?: Modules[Name] } & Modules[Name];
  // The packages are of the older module system: all they export is on the default.
  return module.default ?? module;
}

/** @throws PipelineError where the package is not there. */
export function resolveSdk(name: (typeof packages)[number], { workspace, home }: SdkPlaces): string {
  for (const folder of [workspace, home]) {
    try {
      return createRequire(join(folder, 'package.json')).resolve(`@temporalio/${name}`);
    } catch {
      // Perhaps in the next one.
    }
  }
  throw new PipelineError(
    [
      {
        message: `the executor temporal needs Temporal's SDK, which is not installed (@temporalio/${name} is missing)`,
        hint: `Install it once: ${installCommand}`,
      },
    ],
    2,
  );
}
