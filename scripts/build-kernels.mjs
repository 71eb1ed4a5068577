/**
 * Compiles stages/audio/kernels/source to WebAssembly and writes it, as base64, to stages/audio/kernels/binary.ts.
 * Needed only after a change of the C sources:
 *
 *     python3 -m venv /tmp/zig && /tmp/zig/bin/pip install ziglang==0.17.1
 *     ZIG="/tmp/zig/bin/python -m ziglang" node scripts/build-kernels.mjs
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const FLAGS = [
  '-target',
  'wasm32-freestanding',
  '-mcpu=generic+simd128+bulk_memory',
  '-O3',
  '-ffp-contract=off',
  '-nostdlib',
  '-Wl,--no-entry',
  '-Wl,--strip-all',
];

const folder = fileURLToPath(new URL('../stages/audio/kernels/', import.meta.url));

/** SHA-256 over the names and contents of the sources, in the order of their names. */
export function digestOfSources() {
  const hash = createHash('sha256');
  for (const name of readdirSync(path.join(folder, 'source')).sort()) {
    hash.update(`${name}\n`).update(readFileSync(path.join(folder, 'source', name)));
  }
  return hash.digest('hex');
}

function compile() {
  const [command, ...prefix] = (process.env.ZIG ?? 'zig').split(' ');
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'kernels-'));
  try {
    const output = path.join(scratch, 'kernels.wasm');
    const sources = readdirSync(path.join(folder, 'source'))
      .filter((name) => name.endsWith('.c'))
      .sort();
    execFileSync(command, [...prefix, 'cc', ...FLAGS, '-o', output, ...sources], {
      cwd: path.join(folder, 'source'),
      stdio: 'inherit',
    });
    return readFileSync(output);
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** @param {Buffer} binary */
function render(binary) {
  const text = binary.toString('base64');
  const lines = Array.from({ length: Math.ceil(text.length / 100) }, (_, line) =>
    text.slice(100 * line, 100 * line + 100),
  );
  return `// Made by scripts/build-kernels.mjs from the C files in source/. Do not edit.

/** SHA-256 of the sources that the binary was made from. */
export const SOURCE_DIGEST = '${digestOfSources()}';

/** The WebAssembly module as base64. */
export const BINARY = [
${lines.map((line) => `  '${line}',`).join('\n')}
].join('');
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const binary = compile();
  writeFileSync(path.join(folder, 'binary.ts'), render(binary));
  console.log(`kernels: ${binary.length} bytes`);
}
