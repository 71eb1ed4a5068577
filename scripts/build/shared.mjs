import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';

/**
 * Packages that the runner and the stages must share one copy of, since objects of theirs go from one to the other. Each
 * becomes one file, in a `node_modules` that lies nearer to both than the real one.
 */
export const SHARED = ['zod'];

const COMPILED = path.join(import.meta.dirname, 'compiled.cjs');

/**
 * A package of many files as one: a start reads it in a fraction of the time. Of each version there is a file of its own,
 * so that launches at the same time never see half of one. The runner requires it and the stages import it, and both get
 * the same objects.
 * @param {string} name
 * @param {string} folder that holds the builds
 * @param {string} root
 */
export async function bundleShared(name, folder, root) {
  const installed = path.join(root, 'node_modules', name, 'package.json');
  if (!existsSync(installed)) return;
  const { version } = JSON.parse(readFileSync(installed, 'utf8'));
  const home = path.join(folder, 'node_modules', name);
  const esbuild = await import('esbuild');
  const { outputFiles } = await esbuild.build({
    stdin: { contents: `export * from '${name}'; export { default } from '${name}';`, resolveDir: root },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    logLevel: 'silent',
  });
  mkdirSync(home, { recursive: true });
  writeCompiled(home, `${version}.bundle.cjs`, outputFiles[0]?.text ?? '');
  replaceFile(
    path.join(home, `${version}.cjs`),
    `module.exports = require('./compiled.cjs')(require.resolve('./${version}.bundle.cjs'));\n`,
  );
  const keys = Object.keys(exportsOf(outputFiles[0]?.text ?? ''));
  const names = keys.filter((key) => key !== 'default' && key !== '__esModule');
  // Some are words of the language, such as `null`, which no variable can be called. It imports nothing: Jest now and
  // then fails to link what several kinds import at the same time.
  replaceFile(
    path.join(home, `${version}.mjs`),
    `const { createRequire } = process.getBuiltinModule('node:module');
const whole = createRequire(import.meta.url)('./${version}.cjs');
${names.map((key, at) => `const _${at} = whole.${key};`).join('\n')}
export { ${names.map((key, at) => `_${at} as ${key}`).join(', ')} };
export default whole.default;
`,
  );
  const description = {
    name,
    version,
    exports: { import: `./${version}.mjs`, require: `./${version}.cjs` },
  };
  replaceFile(path.join(home, 'package.json'), JSON.stringify(description));
}

/**
 * Not by `require`: Node would remember that there is no package here yet, and the runner goes on in this process.
 * @param {string} text of a bundle in the older module system
 * @returns {object}
 */
function exportsOf(text) {
  const module = { exports: {} };
  const run = new vm.Script(`(function (exports, require, module) {${text}\n})`).runInThisContext();
  run(module.exports, createRequire(import.meta.url), module);
  return module.exports;
}

/**
 * A bundle in the older module system, and beside it what runs it compiled.
 * @param {string} folder
 * @param {string} name
 * @param {string} text
 */
export function writeCompiled(folder, name, text) {
  // A name as long as `import`, so that the source map still holds.
  replaceFile(path.join(folder, name), text.replaceAll(/(?<![.\w$])import\(/g, '__load('));
  const partial = path.join(folder, `compiled.cjs.${process.pid}`);
  copyFileSync(COMPILED, partial);
  renameSync(partial, path.join(folder, 'compiled.cjs'));
}

/**
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
export function replaceFile(file, contents) {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, contents);
  renameSync(partial, file);
}
