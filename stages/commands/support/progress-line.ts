import type { CommandIo } from '../../../runner/kind/index.ts';

const REDRAW_MILLISECONDS = 100;
const PLAIN_STEP_PERCENT = 10;

/** Shows how far one thing is: a line that is rewritten on a terminal, a line every tenth elsewhere. */
export class ProgressLine {
  private readonly io: CommandIo;
  private title = '';
  private drawnAt = 0;
  private nextPercent = 0;

  constructor(io: CommandIo) {
    this.io = io;
  }

  /** `detail` is shown behind the percentage; `fraction` is undefined where the end is not known. */
  update(title: string, fraction: number | undefined, detail: string): void {
    if (title !== this.title) {
      this.finish();
      this.title = title;
      this.nextPercent = 0;
    }
    const percent = fraction === undefined ? undefined : Math.floor(100 * fraction);
    const line = `${title} ${percent === undefined ? '' : `${String(percent).padStart(3)} % `}(${detail})`;
    if (this.io.isTTY) {
      const now = performance.now();
      if (now - this.drawnAt < REDRAW_MILLISECONDS && fraction !== 1) return;
      this.drawnAt = now;
      this.io.stderr(line, '\r\u001b[K');
    } else if ((percent ?? 0) >= this.nextPercent) {
      this.nextPercent = (Math.floor((percent ?? 0) / PLAIN_STEP_PERCENT) + 1) * PLAIN_STEP_PERCENT;
      this.io.stderr(`${line}\n`);
    }
  }

  /** Ends the line, so that what is written next begins on its own. */
  finish(): void {
    if (this.io.isTTY && this.title !== '') this.io.stderr('\n');
    this.title = '';
  }
}
