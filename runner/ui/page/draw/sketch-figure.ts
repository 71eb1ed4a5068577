import type { Sketch } from '../../model/artifacts.ts';
import { countText, numberText } from '../../model/words.ts';
import { h, setText } from '../dom.ts';
import { drawSketch, type Size, sketchLabel } from './sketch.ts';

const curveHeight = 180;
const mapHeight = 320;
/** A low matrix is drawn in rows of this height rather than stretched. */
const rowHeight = 14;

/**
 * A tensor or a sequence in large, with what lies under the pointer or, by the arrow keys, under a cursor. Where it is what
 * a player plays, a line runs along, and a press goes there.
 */
export class SketchFigure {
  readonly element: HTMLElement;
  readonly #sketch: Sketch;
  readonly #player: HTMLAudioElement | undefined;
  readonly #canvas: HTMLCanvasElement;
  readonly #cursor = h('i', { class: 'cursor', hidden: true });
  readonly #playhead = h('i', { class: 'playhead', hidden: true });
  readonly #readout = h('p', { class: 'readout note' });
  readonly #box: HTMLElement;
  readonly #observer: ResizeObserver;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');
  readonly #redraw = (): void => {
    this.#draw();
  };
  #at: { row: number; column: number } | undefined;
  #frame = 0;

  constructor(sketch: Sketch, player: HTMLAudioElement | undefined) {
    this.#sketch = sketch;
    this.#player = player;
    const label = `${sketchLabel(sketch)}. The arrow keys read its values.`;
    this.#canvas = h('canvas', { class: 'sketch', role: 'img', tabindex: 0, 'aria-label': label });
    this.#box = h('div', { class: `plot plot-${sketch.type}` }, this.#canvas, this.#cursor, this.#playhead);
    this.element = h(
      'figure',
      { class: 'figure' },
      h(
        'div',
        { class: 'axes' },
        h(
          'div',
          { class: 'scale' },
          h('span', {}, numberText(sketch.high)),
          h('span', {}, numberText(sketch.low)),
        ),
        this.#box,
      ),
      this.#readout,
    );
    this.#rest();
    this.#canvas.addEventListener('pointermove', (event) => {
      this.#point(event);
    });
    this.#canvas.addEventListener('pointerdown', (event) => {
      this.#seek(event);
    });
    this.#canvas.addEventListener('pointerleave', () => {
      this.#leave();
    });
    this.#canvas.addEventListener('blur', () => {
      this.#leave();
    });
    this.#canvas.addEventListener('keydown', (event) => {
      this.#key(event);
    });
    this.#observer = new ResizeObserver(this.#redraw);
    this.#observer.observe(this.#box);
    this.#scheme.addEventListener('change', this.#redraw);
    if (player !== undefined) this.#accompany(player);
  }

  close(): void {
    this.#observer.disconnect();
    this.#scheme.removeEventListener('change', this.#redraw);
    cancelAnimationFrame(this.#frame);
  }

  get #grid(): { rows: number; columns: number } {
    const { type } = this.#sketch;
    return type === 'map' ? this.#sketch : { rows: 1, columns: this.#sketch.least.length };
  }

  #size(): Size {
    const width = Math.max(1, Math.floor(this.#box.clientWidth));
    const { rows } = this.#grid;
    const height =
      this.#sketch.type === 'map' ? Math.min(mapHeight, Math.max(72, rows * rowHeight)) : curveHeight;
    return { width, height };
  }

  #draw(): void {
    drawSketch(this.#canvas, this.#sketch, this.#size());
    this.#place();
  }

  /** What stands below while nothing is pointed at. */
  #rest(): void {
    const sketch = this.#sketch;
    const shape =
      sketch.type === 'map'
        ? `${countText(sketch.size[0])} × ${countText(sketch.size[1])}`
        : `${countText(sketch.length)} numbers`;
    setText(this.#readout, `${shape}, from ${numberText(sketch.low)} to ${numberText(sketch.high)}`);
  }

  #point(event: PointerEvent): void {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { rows, columns } = this.#grid;
    const cell = (share: number, count: number): number =>
      Math.min(count - 1, Math.max(0, Math.floor(share * count)));
    this.#at = {
      row: cell((event.clientY - top) / height, rows),
      column: cell((event.clientX - left) / width, columns),
    };
    this.#tell();
  }

  #key(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, readonly [row: number, column: number]>> = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const { rows, columns } = this.#grid;
    const from = this.#at ?? { row: 0, column: -step[1] };
    this.#at = {
      row: Math.min(rows - 1, Math.max(0, from.row + step[0])),
      column: Math.min(columns - 1, Math.max(0, from.column + step[1])),
    };
    this.#readout.setAttribute('aria-live', 'polite');
    this.#tell();
  }

  #tell(): void {
    const { row, column } = this.#at!;
    const sketch = this.#sketch;
    if (sketch.type === 'map') {
      const value = sketch.values[row * sketch.columns + column] ?? null;
      const [wholeRows, wholeColumns] = sketch.size;
      const place = `row ${span(row, sketch.rows, wholeRows)}, column ${span(column, sketch.columns, wholeColumns)}`;
      setText(this.#readout, `${place}: ${value === null ? 'not a number' : numberText(value)}`);
    } else {
      const [low, high] = [sketch.least[column], sketch.greatest[column]];
      const value = low === high ? numberText(low) : `${numberText(low)} to ${numberText(high)}`;
      setText(this.#readout, `number ${span(column, sketch.least.length, sketch.length)}: ${value}`);
    }
    this.#place();
  }

  #leave(): void {
    this.#at = undefined;
    this.#readout.removeAttribute('aria-live');
    this.#rest();
    this.#place();
  }

  /** Puts the cursor over what the readout tells of. */
  #place(): void {
    this.#cursor.hidden = this.#at === undefined;
    if (this.#at === undefined) return;
    const { rows, columns } = this.#grid;
    const isMap = this.#sketch.type === 'map';
    const { style } = this.#cursor;
    style.left = `${(100 * this.#at.column) / columns}%`;
    style.width = `${100 / columns}%`;
    style.top = isMap ? `${(100 * this.#at.row) / rows}%` : '0';
    style.height = isMap ? `${100 / rows}%` : '100%';
  }

  #seek(event: PointerEvent): void {
    const player = this.#player;
    if (player === undefined || !Number.isFinite(player.duration)) return;
    const { left, width } = this.#canvas.getBoundingClientRect();
    player.currentTime = Math.max(0, Math.min(1, (event.clientX - left) / width)) * player.duration;
  }

  #accompany(player: HTMLAudioElement): void {
    const follow = (): void => {
      const { currentTime, duration, paused } = player;
      this.#playhead.hidden = !(currentTime > 0);
      this.#playhead.style.left = `${(100 * currentTime) / duration}%`;
      if (!paused) this.#frame = requestAnimationFrame(follow);
    };
    for (const event of ['play', 'seeked', 'pause', 'ended']) player.addEventListener(event, follow);
  }
}

/** The place, or the places from and to, of one part among all. Counted from 0, as programs do. */
function span(index: number, count: number, length: number): string {
  const start = Math.floor((index * length) / count);
  const end = Math.floor(((index + 1) * length) / count) - 1;
  return end <= start ? String(start) : `${start} to ${end}`;
}
