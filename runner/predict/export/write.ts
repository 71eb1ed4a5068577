import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { openInputArtifact } from '../../artifact/index.ts';
import type { CacheEntry } from '../../cache/entry.ts';
import { listFiles } from '../../cache/local.ts';
import { failure, type Result, success } from '../../errors.ts';
import { hashFile } from '../../fingerprint/hash.ts';
import type { InputArtifact } from '../../kind/index.ts';
import type { Workspace } from '../../workspace.ts';
import { ancestorsOf } from '../ancestors.ts';
import type { Link } from '../chain.ts';
import { loadPredictor } from '../module.ts';
import type { OpenedModel } from '../open-model.ts';
import { withPaths } from '../params.ts';
import { cardFile, type ExportManifest, exportFormat, sealOf } from './manifest.ts';

/**
 * Writes a model with its whole chain as one folder: bundles of the kinds, params, what was learnt, the files that
 * params name, `model.json`, and a model card. The folder must be new or empty: it is put in place whole.
 */
export async function exportModel(
  workspace: Workspace,
  model: OpenedModel,
  name: string,
): Promise<Result<{ readonly files: number; readonly bytes: number }>> {
  const folder = resolve(name);
  if (existsSync(folder) && (await readdir(folder).catch(() => [''])).length > 0) {
    const hint = 'Name a new folder, or empty this one.';
    return failure({ message: 'something is there already', place: { file: name }, hint });
  }
  const temporary = join(dirname(folder), `.${basename(folder)}.${process.pid}.partial`);
  try {
    await mkdir(temporary, { recursive: true });
    const links: ExportManifest['links'] = [];
    for (const [at, link] of model.chain.links.entries()) links.push(await writeLink(temporary, link, at));
    const digests: Record<string, string> = {};
    for (const file of await listFiles(temporary)) digests[file] = await hashFile(join(temporary, file));
    const covered = { format: exportFormat, model: model.stage, links, digests } as const;
    const manifest: ExportManifest = { ...covered, seal: sealOf(covered) };
    await writeFile(join(temporary, 'model.json'), `${JSON.stringify(manifest, null, 1)}\n`);
    await writeFile(join(temporary, cardFile), await cardOf(workspace, model));
    // In the place of the empty folder, if there is one.
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  const written = await listFiles(folder);
  const sizes = await Promise.all(written.map(async (file) => (await stat(join(folder, file))).size));
  return success({ files: written.length, bytes: sizes.reduce((sum, size) => sum + size, 0) });
}

async function writeLink(folder: string, link: Link, at: number): Promise<ExportManifest['links'][number]> {
  const own = `${String(at + 1).padStart(2, '0')}-${link.stage.replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-').replace(/-$/, '')}`;
  await cp(dirname(link.bundle), join(folder, own, 'code'), { recursive: true });
  const pathOf = new Map<string, string>();
  for (const [index, file] of link.files.entries()) {
    const copy = `${own}/files/${index + 1}-${basename(file)}`;
    await mkdir(dirname(join(folder, copy)), { recursive: true });
    // Links inside would lead to nowhere on another machine.
    await cp(file, join(folder, copy), { recursive: true, dereference: true });
    pathOf.set(file, copy);
  }
  const artifact: Record<string, string> = {};
  for (const [name, path] of Object.entries(link.artifact)) {
    artifact[name] = `${own}/artifact/${name}`;
    await mkdir(dirname(join(folder, artifact[name])), { recursive: true });
    await copyFile(path, join(folder, artifact[name]));
  }
  return {
    key: link.key,
    stage: link.stage,
    type: link.type,
    kind: link.kind,
    params: withPaths(link.params, pathOf),
    files: [...pathOf.values()],
    bundle: `${own}/code`,
    packages: { ...link.packages },
    inputs: Object.fromEntries(Object.entries(link.inputs).map(([name, keys]) => [name, [...keys]])),
    artifact,
  };
}

/** The model card, which only the kind itself can write. */
async function cardOf(workspace: Workspace, { stage, entry, chain, lineage }: OpenedModel): Promise<string> {
  const artifactOf = ({ stage, manifest, measurements }: CacheEntry): InputArtifact => {
    const files = new Map(manifest.files.map(({ name, sha256 }) => [name, workspace.cache.path(sha256)]));
    return openInputArtifact({ stage, files, measurements });
  };
  const inputs = Object.entries(await lineage.inputsOf(entry)).map(([name, entries]) => [
    name,
    entries.flatMap((input) => (input === undefined ? [] : [artifactOf(input)])),
  ]);
  const predictor = await loadPredictor(chain.links.at(-1)!.bundle);
  return predictor.card({
    model: artifactOf({ ...entry, stage }),
    inputs: Object.fromEntries(inputs) as Record<string, InputArtifact[]>,
    ancestors: await ancestorsOf(lineage, { ...entry, stage }),
  });
}
