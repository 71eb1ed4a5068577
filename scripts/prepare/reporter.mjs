import { PreparationFailure } from './failure.mjs';

/**
 * Says on stderr what the preparation does: stdout belongs to whatever is run after it. On a terminal a step's
 * seconds tick; elsewhere it gets one line at its start and one at its end.
 */
export class Reporter {
  /** @param {NodeJS.WriteStream} stream */
  constructor(stream = process.stderr) {
    this.stream = stream;
  }

  /** @param {string} line */
  say(line) {
    this.stream.write(`${line}\n`);
  }

  /**
   * @template Result
   * @param {string} title
   * @param {() => Promise<Result>} work
   * @returns {Promise<Result>}
   */
  async step(title, work) {
    const start = performance.now();
    const seconds = () => Math.round((performance.now() - start) / 1000);
    const live = this.stream.isTTY;
    const draw = () => this.stream.write(`\r  ${title} … ${seconds()} s`);
    this.stream.write(live ? `  ${title} …` : `  ${title} …\n`);
    const ticking = live ? setInterval(draw, 1000) : undefined;
    let end = 'failed after';
    try {
      const result = await work();
      end = 'done in';
      return result;
    } finally {
      clearInterval(ticking);
      this.stream.write(live ? `\r  ${title}: ${end} ${seconds()} s\n` : `    ${end} ${seconds()} s\n`);
    }
  }
}

/**
 * Shows a failure on stderr; one that was not expected with its stack trace.
 * @param {unknown} error
 * @returns {number} the exit code
 */
export function reportFailure(error) {
  if (error instanceof PreparationFailure) {
    process.stderr.write(`error: ${error.message}\n  way out: ${error.hint}\n`);
  } else {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  }
  return 2;
}
