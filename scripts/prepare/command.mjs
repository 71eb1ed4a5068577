import { spawn } from 'node:child_process';

/**
 * @typedef {object} Outcome
 * @property {boolean} ok it ran and exited with 0
 * @property {boolean} missing there is no such program
 * @property {boolean} timedOut
 * @property {string} output what it printed on stdout and stderr, in order
 * @property {string} ending how it ended, in words: `exit code 1`, `signal SIGKILL`, …
 */

/**
 * Runs a program to its end without a shell. Its failure is an outcome, never an exception.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    // npm is a script on Windows, which only a shell can start; all arguments here are our own words.
    const shell = process.platform === 'win32' && program === 'npm';
    const child = spawn(program, args, { ...options, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            child.kill('SIGKILL');
          }, options.timeoutMs);
    /** @param {Buffer} chunk */
    const keep = (chunk) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      clearTimeout(timer);
      resolve({ ok: false, missing: error.code === 'ENOENT', timedOut, output, ending: error.message });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const ending = timedOut ? 'no end in time' : signal ? `signal ${signal}` : `exit code ${code}`;
      resolve({ ok: code === 0, missing: false, timedOut, output, ending });
    });
  });
}

/**
 * The last lines of a program's output, indented: what an error shows of it.
 * @param {string} output
 * @param {number} [lines]
 */
export function tail(output, lines = 12) {
  const all = output.split('\n').filter((line) => line.trim() !== '');
  return all
    .slice(-lines)
    .map((line) => `    ${line}`)
    .join('\n');
}
