// Copied into each build: runs a bundle from what V8 made of it last time, so that a start neither parses nor compiles
// what an earlier one has. Older lines of Node keep nothing of the kind themselves. A script that comes from there has
// no `import()` of its own, so bundles ask for this one's.
'use strict';
const { existsSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');
const { threadId } = require('node:worker_threads');
const { crc32 } = require('node:zlib');

/**
 * @param {string} file a bundle in the older module system, never changed once written
 * @param {string} [use] what of it is going to be used: what is compiled lazily is kept by use
 * @returns {unknown} what it exports
 */
module.exports = function runCompiled(file, use = 'any') {
  const kept = `${file}.${use}-${process.version}-${process.arch}`;
  // Where stack traces are to be shown by the sources' lines, Node must load the bundle itself.
  if (process.sourceMapsEnabled && existsSync(`${file}.map`)) return require(file);
  const cachedData = read(kept);
  const source = readFileSync(file, 'latin1');
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${source}\n})`, {
    filename: file,
    ...(cachedData !== undefined && { cachedData }),
  });
  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end, when what this start needs has been compiled.
    process.once('exit', () => {
      write(kept, script.createCachedData());
    });
  }
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(file), module, file, path.dirname(file));
  return module.exports;
};

/** @param {string} specifier */
module.exports.load = (specifier) => import(specifier);

/** @param {string} file */
function read(file) {
  try {
    const bytes = readFileSync(file);
    // V8 believes whatever has the right head, and a machine that loses power may leave half a file.
    return bytes.readUInt32LE(0) === crc32(bytes.subarray(4)) ? bytes.subarray(4) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @param {Buffer} data
 */
function write(file, data) {
  const partial = `${file}.${process.pid}-${threadId}`;
  const head = Buffer.alloc(4);
  head.writeUInt32LE(crc32(data));
  try {
    writeFileSync(partial, Buffer.concat([head, data]));
    renameSync(partial, file);
  } catch {
    // A full or read-only disk costs later starts some time, and nothing else.
    rmSync(partial, { force: true });
  }
}
