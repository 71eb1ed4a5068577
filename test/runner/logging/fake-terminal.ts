import type { LogOutput } from '../../../runner/logging/logger.ts';

interface ScreenRow {
  text: string;
  /** Goes on with the row above, which was full. */
  wrapped: boolean;
}

/**
 * A terminal of a given size that understands as much as the live view sends: line feeds, moving up, clearing below. It wraps what is too long, and when its width changes wraps anew, as terminals do.
 */
export class FakeTerminal implements LogOutput {
  readonly isTTY = true;
  readonly colour: boolean;
  width: number;
  height: number;
  /** All that was written. */
  written = '';
  #rows: ScreenRow[] = [{ text: '', wrapped: false }];
  #row = 0;
  #column = 0;

  constructor(width: number, height: number, { colour = false } = {}) {
    this.width = width;
    this.height = height;
    this.colour = colour;
  }

  stdout(): void {
    throw new Error('nothing belongs on stdout');
  }

  stderr(words: string, movement = ''): void {
    const text = movement + words;
    this.written += text;

    for (const [token] of text.matchAll(/\u001b\[\d*[A-Za-z]|[^]/gu)) this.#take(token);
  }

  /** What is on the screen, without the empty row that the cursor waits in. */
  get screen(): string[] {
    const rows = this.#rows.map(({ text }) => text.trimEnd());
    return rows.at(-1) === '' ? rows.slice(0, -1) : rows;
  }

  resize(width: number): void {
    const lines: string[] = [];
    for (const { text, wrapped } of this.#rows) {
      if (wrapped) lines.push(`${lines.pop()!}${text}`);
      else lines.push(text);
    }
    this.width = width;
    this.#rows = lines.flatMap((line) =>
      Array.from({ length: Math.max(1, Math.ceil(line.length / width)) }, (_, at) => ({
        text: line.slice(at * width, (at + 1) * width),
        wrapped: at > 0,
      })),
    );
    this.#row = this.#rows.length - 1;
    this.#column = 0;
  }

  #take(token: string): void {
    const up = /^\u001b\[(\d+)A$/.exec(token)?.[1];
    if (up !== undefined) this.#row = Math.max(0, this.#row - Number(up));
    else if (token === '\u001b[J') {
      this.#clearLine();
      this.#rows.length = this.#row + 1;
    } else if (token === '\r') this.#column = 0;
    else if (token === '\n') this.#next(false);
    else if (!token.startsWith('\u001b')) this.#put(token);
  }

  #clearLine(): void {
    const row = this.#rows[this.#row];
    row.text = row.text.slice(0, this.#column);
  }

  #next(wrapped: boolean): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#rows.length) this.#rows.push({ text: '', wrapped });
    this.#rows[this.#row].wrapped = wrapped;
  }

  #put(character: string): void {
    if (this.#column === this.width) this.#next(true);
    const row = this.#rows[this.#row];
    row.text =
      row.text.slice(0, this.#column).padEnd(this.#column) + character + row.text.slice(this.#column + 1);
    this.#column += 1;
  }
}
