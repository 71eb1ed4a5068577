import type * as Sdk from '@temporalio/worker';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeDurably } from '../../../cache/durable.ts';
import { sha256 } from '../../../fingerprint/hash.ts';
import { resolveSdk } from '../sdk.ts';

type WorkerSdk = typeof Sdk;

/** The modules that the workflow consists of. */
const modules = ['workflow.ts', 'protocol.ts', '../distributed/shards.ts', '../distributed/tasks.ts'];

/**
 * The workflow's code as Temporal's sandbox takes it. Bundling takes seconds, so the bundle is kept and made again only
 * where the code or the SDK has changed.
 */
export async function workflowBundle(
  sdk: WorkerSdk,
  home: string,
  logger: InstanceType<WorkerSdk['DefaultLogger']>,
): Promise<{ readonly code: string }> {
  const folder = join(home, 'runner', 'execute', 'temporal');
  const texts = await Promise.all(modules.map((name) => readFile(join(folder, name), 'utf8')));
  // …/node_modules/@temporalio/workflow/lib/index.js
  const installed = dirname(dirname(dirname(dirname(resolveSdk('workflow', home)))));
  const sdkPackage = await readFile(join(installed, '@temporalio', 'workflow', 'package.json'), 'utf8');
  const digest = sha256([sdkPackage, process.version, ...texts].join('\0')).slice(0, 16);
  const kept = join(home, 'node_modules', '.cache', 'pipeline', 'temporal', `workflow-${digest}.js`);
  const code = await readFile(kept, 'utf8').catch(() => undefined);
  if (code !== undefined) return { code };
  const bundle = await sdk.bundleWorkflowCode({
    workflowsPath: join(folder, 'workflow.ts'),
    logger,
    webpackConfigHook: (config) => ({
      ...config,
      resolve: { ...config.resolve, modules: [...(config.resolve?.modules ?? []), installed] },
    }),
  });
  await writeDurably(kept, bundle.code);
  return { code: bundle.code };
}
