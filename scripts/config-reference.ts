/**
 * Writes what is made of the kinds' schemas: the reference in docs/configuration.md and the JSON Schema that
 * pipeline.yaml names in its first line. `--check` writes nothing and fails where either is out of date.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { Kinds } from '../runner/code/registry.ts';
import { configReference, jsonSchema } from '../runner/config/index.ts';
import type { Kind } from '../runner/kind/index.ts';

const start = '<!-- reference: written by npm run docs, from the schemas -->';
const documentation = 'docs/configuration.md';
const schema = 'docs/pipeline.schema.json';

async function readKinds(): Promise<Kind[]> {
  const registry = new Kinds({ workspace: process.cwd(), home: process.cwd() });
  const kinds = await Promise.all((await registry.names()).map((name) => registry.load(name)));
  return kinds.filter((kind) => kind !== undefined);
}

/** The files by path as they should be. */
async function madeOf(kinds: readonly Kind[]): Promise<Map<string, string>> {
  const written = await readFile(documentation, 'utf8');
  if (!written.includes(start)) {
    throw new Error(`${documentation} lacks the line ${start}`);
  }
  const before = written.slice(0, written.indexOf(start));
  const text = `${before}${start}\n\n${configReference(kinds)}`;
  const style = await resolveConfig(documentation);
  return new Map([
    [documentation, await format(text, { ...style, filepath: documentation })],
    // As `pipeline schema` prints it.
    [schema, `${JSON.stringify(jsonSchema(kinds), null, 2)}\n`],
  ]);
}

const isCheck = process.argv.includes('--check');
for (const [file, text] of await madeOf(await readKinds())) {
  const current = await readFile(file, 'utf8').catch(() => '');
  if (current === text) {
    continue;
  }
  if (isCheck) {
    console.error(`${file} is out of date: run npm run docs`);
    process.exitCode = 1;
  } else {
    await writeFile(file, text);
    console.log(`wrote ${file}`);
  }
}
