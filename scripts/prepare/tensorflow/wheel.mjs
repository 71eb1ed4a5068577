import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { run, tail } from '../command.mjs';
import { diskFull, PreparationFailure } from '../failure.mjs';

/** The Python package that libtensorflow is taken from: a registry's file, so never another under this name. */
export const WHEEL = {
  project: 'tensorflow-cpu',
  version: '2.18.1',
  python: ['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311'],
  platforms: ['--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux2014_x86_64'],
  sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
  megabytes: 230,
};

/** What of the wheel is needed: the two libraries, and the headers that the addon's source includes. */
const NEEDED =
  /^tensorflow\/(libtensorflow_(cc|framework)\.so\.2|include\/(tensorflow\/c\/.*\.h|(tensorflow\/core|tsl)\/platform\/ctstring(_internal)?\.h|xla\/tsl\/c\/.*\.h))$/;

/**
 * Downloads the wheel by pip, so that the user's index, proxy and certificates are those configured for pip.
 * @param {readonly string[]} pip the command, e.g. `['python3', '-m', 'pip']`
 * @param {string} folder an empty folder
 * @returns {Promise<string>} path of the file, checked
 */
export async function downloadWheel(pip, folder) {
  const [program = '', ...first] = pip;
  const wanted = `${WHEEL.project}==${WHEEL.version}`;
  const options = ['--quiet', '--no-cache-dir', '--no-deps', '--only-binary=:all:', '--dest', folder];
  const outcome = await run(
    program,
    [...first, 'download', ...options, ...WHEEL.python, ...WHEEL.platforms, wanted],
    {
      // pip unpacks to the temporary folder first; beside the target it needs no second disk.
      env: { ...process.env, TMPDIR: folder },
    },
  );
  if (/No space left|Errno 28/.test(outcome.output)) throw diskFull(folder);
  if (!outcome.ok) {
    throw new PreparationFailure(
      `pip could not download ${wanted} (${outcome.ending}):\n${tail(outcome.output)}`,
      'check the network, and that the package index that pip uses is in reach and has it: `python3 -m pip config list`',
    );
  }
  const name = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (name === undefined) throw new Error(`pip download left no wheel in ${folder}`);
  const file = path.join(folder, name);
  await checkDigest(file, WHEEL.sha256);
  return file;
}

/**
 * @param {string} file deleted where its content is not the expected one
 * @param {string} expected SHA-256
 */
export async function checkDigest(file, expected) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual === expected) return;
  await rm(file);
  throw new PreparationFailure(
    `${path.basename(file)} arrived with the wrong content: its SHA-256 is ${actual}, expected ${expected}`,
    'it was deleted; try again, and if this stays so, the package index that pip uses serves another file under this name',
  );
}

/**
 * Extracts what is needed of the wheel below `folder`.
 * @param {string} wheel
 * @param {string} folder
 */
export async function extractWheel(wheel, folder) {
  // Comes with the npm packages, which are installed only by now.
  const { default: yauzl } = await import('yauzl');
  const archive = await yauzl.openPromise(wheel, { lazyEntries: true });
  try {
    for await (const entry of archive.eachEntry()) {
      if (!NEEDED.test(entry.fileName)) continue;
      const file = path.join(folder, entry.fileName);
      await mkdir(path.dirname(file), { recursive: true });
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(file));
    }
  } finally {
    archive.close();
  }
}
