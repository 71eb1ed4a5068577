import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { run, tail } from '../command.mjs';
import { PreparationFailure } from '../failure.mjs';
import { addonPackage } from './addon.mjs';

/** The version of Node's addon interface that tfjs-node is built for; every later Node has it too. */
export const NODE_API = 8;

const FLAGS = [
  '-O2',
  '-std=c++17',
  '-shared',
  '-fPIC',
  '-w',
  `-DNAPI_VERSION=${NODE_API}`,
  '-DNODE_GYP_MODULE_NAME=tfjs_binding',
  '-DBUILDING_NODE_EXTENSION',
  // Where the addon finds the libraries, from its place in the package.
  '-Wl,-rpath,$ORIGIN/../../deps/lib',
];

/**
 * The C++ compiler to use: `CXX`, or the first of the usual ones that is there.
 * @returns {Promise<string>}
 */
export async function findCompiler(env = process.env) {
  const candidates = env['CXX'] ? [env['CXX']] : ['g++', 'clang++', 'c++'];
  for (const candidate of candidates) {
    if ((await run(candidate, ['--version'])).ok) return candidate;
  }
  throw new PreparationFailure(
    `no C++ compiler: ${candidates.join(', ')} cannot be run, and TensorFlow's addon must be compiled here`,
    'install one, e.g. `sudo apt-get install g++` or `sudo dnf install gcc-c++`, or name yours by CXX=…',
  );
}

/**
 * Compiles tfjs-node's own addon source against the library, or finds what an earlier compilation left.
 * @param {string} root
 * @param {string} library folder that holds `tensorflow/`
 * @param {(work: () => Promise<void>) => Promise<void>} announce runs the compilation, if there is one to run
 * @returns {Promise<string>} path of the addon
 */
export async function compiledAddon(root, library, announce) {
  const source = path.join(addonPackage(root), 'binding');
  const addon = path.join(library, `tfjs_binding-${await sourceDigest(source)}.node`);
  if (existsSync(addon)) return addon;
  const compiler = await findCompiler();
  await announce(async () => {
    const partial = `${addon}.partial`;
    const outcome = await run(compiler, [
      ...FLAGS,
      `-I${path.join(root, 'node_modules', 'node-api-headers', 'include')}`,
      `-I${path.join(library, 'tensorflow', 'include')}`,
      path.join(source, 'tfjs_backend.cc'),
      path.join(source, 'tfjs_binding.cc'),
      path.join(library, 'tensorflow', 'libtensorflow_cc.so.2'),
      path.join(library, 'tensorflow', 'libtensorflow_framework.so.2'),
      '-o',
      partial,
    ]);
    if (!outcome.ok) {
      await rm(partial, { force: true });
      throw new PreparationFailure(
        `${compiler} could not compile TensorFlow's addon (${outcome.ending}):\n${tail(outcome.output)}`,
        'it takes a compiler of C++17 (g++ 8 or newer); name another one by CXX=…',
      );
    }
    await rename(partial, addon);
  });
  return addon;
}

/** @param {string} source folder of the addon's source */
async function sourceDigest(source) {
  const hash = createHash('sha256').update(FLAGS.join(' '));
  for (const name of (await readdir(source)).sort()) {
    hash.update(`\0${name}\0`).update(await readFile(path.join(source, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
