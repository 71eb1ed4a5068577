import { existsSync, readFileSync, statSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { findPackage } from '../../code/packages.ts';
import { failure, type Problem, type Result, success } from '../../errors.ts';
import { listFiles } from '../../cache/local.ts';
import { canonicalJson, hashFile, sha256 } from '../../fingerprint/hash.ts';
import type { Chain, Link } from '../chain.ts';
import { withPaths } from '../params.ts';
import { cardFile, type ExportManifest, exportFormat, exportManifest, sealOf } from './manifest.ts';

/** With more files than these, it is another folder. */
const problemsShown = 10;

/** Reads an exported model. `home` is the folder of the product, whose packages its code imports. */
export async function readExport(
  folder: string,
  home: string,
): Promise<Result<{ readonly model: string; readonly chain: Chain }>> {
  const manifest = await readManifest(folder);
  if (!manifest.ok) return manifest;
  const { model, links, digests } = manifest.value;
  const problems = await differences(folder, digests);
  if (problems.length > 0) return failure(...problems.slice(0, problemsShown));
  const opened: Link[] = [];
  for (const link of links) opened.push(await openLink(link, resolve(folder), home, digests));
  return success({ model, chain: { links: opened, warnings: otherPackages(links, home) } });
}

/** What of the folder is not as it was exported. Hidden files at its top are those of tools, such as git. */
async function differences(folder: string, digests: Readonly<Record<string, string>>): Promise<Problem[]> {
  const problems: Problem[] = [];
  const refuse = (file: string, message: string, hint = 'Export or copy the model again.'): void => {
    problems.push({ message, place: { file: join(folder, file) }, hint });
  };
  for (const [file, digest] of Object.entries(digests)) {
    const stats = statSync(join(folder, file), { throwIfNoEntry: false });
    if (stats === undefined) refuse(file, 'this file is missing');
    else if (!stats.isFile() || (await hashFile(join(folder, file))) !== digest) {
      refuse(file, 'this file is not as it was exported');
    }
  }
  for (const file of await listFiles(folder)) {
    if (file in digests || file === 'model.json' || file === cardFile || file.startsWith('.')) continue;
    refuse(file, 'this file was not exported with the model', 'Move it out of the folder.');
  }
  return problems;
}

async function readManifest(folder: string): Promise<Result<ExportManifest>> {
  const file = join(folder, 'model.json');
  const place = { file };
  const hint = 'Name a folder that was made by pipeline export.';
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const message = existsSync(file) ? `no JSON: ${(error as Error).message}` : 'there is no such file';
    return failure({ message, place, hint });
  }
  const { format } = z.object({ format: z.unknown() }).catch({ format: undefined }).parse(value);
  if (typeof format === 'number' && format > exportFormat) {
    const message = `format ${format} was written by a newer pipeline: this one reads up to ${exportFormat}`;
    return failure({ message, place, hint: 'Update the pipeline.' });
  }
  if (typeof format === 'number' && format < exportFormat) {
    const message = `format ${format} was written by an older pipeline: this one reads ${exportFormat}`;
    return failure({ message, place, hint: 'Export the model again.' });
  }
  const parsed = exportManifest.safeParse(value);
  if (!parsed.success) {
    return failure({ message: `no exported model: ${z.prettifyError(parsed.error)}`, place, hint });
  }
  if (parsed.data.seal === sealOf(value as ExportManifest)) return success(parsed.data);
  const message = 'this file is not as it was exported';
  return failure({ message, place, hint: 'Export or copy the model again.' });
}

async function openLink(
  link: ExportManifest['links'][number],
  folder: string,
  home: string,
  digests: Readonly<Record<string, string>>,
): Promise<Link> {
  const files = new Map(link.files.map((file) => [file, join(folder, file)]));
  return {
    ...link,
    params: withPaths(link.params, files),
    files: [...files.values()],
    bundle: join(await placeCode(link.bundle, folder, home, digests), 'index.js'),
    artifact: Object.fromEntries(
      Object.entries(link.artifact).map(([name, file]) => [name, join(folder, file)]),
    ),
  };
}

/** Copies a bundle to where its imports of npm packages resolve: below the product's node_modules. */
async function placeCode(
  code: string,
  folder: string,
  home: string,
  digests: Readonly<Record<string, string>>,
): Promise<string> {
  const own = Object.entries(digests).filter(([file]) => file.startsWith(`${code}/`));
  const id = sha256(canonicalJson(own.map(([file, digest]) => [file.slice(code.length), digest])));
  const place = join(home, 'node_modules', '.cache', 'pipeline', 'exported', id.slice(0, 32));
  if (existsSync(join(place, 'index.js'))) return place;
  const temporary = `${place}.${process.pid}`;
  await mkdir(join(place, '..'), { recursive: true });
  await cp(join(folder, code), temporary, { recursive: true });
  await rename(temporary, place).catch(async (error: unknown) => {
    // Another process was faster.
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(join(place, 'index.js'))) throw error;
  });
  return place;
}

/** Says where the packages here are others than those that the model was made with. */
function otherPackages(links: ExportManifest['links'], home: string): string[] {
  const wanted = new Map(links.flatMap(({ packages }) => Object.entries(packages)));
  const others: string[] = [];
  for (const [name, version] of wanted) {
    const found = findPackage(name, home, new Map());
    const bare = version.replace(/\+.*$/, '');
    const here = found === undefined ? undefined : installedVersion(join(found, 'package.json'));
    if (here !== bare) others.push(`${name} ${bare} (here ${here ?? 'missing'})`);
  }
  if (others.length === 0) return [];
  return [`the model was exported with other packages, so its figures may differ: ${others.join(', ')}`];
}

function installedVersion(packageJson: string): string | undefined {
  return (JSON.parse(readFileSync(packageJson, 'utf8')) as { version?: string }).version;
}
