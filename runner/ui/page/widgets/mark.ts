import type { ShownState } from '../../model/shown-stage.ts';
import { type Attributes, svg } from '../dom.ts';

const size = 16;

/** A mark for each state that tells it by its shape as well as by its colour. The word stands beside it. */
export function mark(state: ShownState, place: Attributes = {}): SVGSVGElement {
  const drawing = svg('svg', {
    class: `mark mark-${state}`,
    viewBox: `0 0 ${size} ${size}`,
    width: size,
    height: size,
    'aria-hidden': 'true',
    ...place,
  });
  drawing.append(...shapes(state));
  return drawing;
}

function shapes(state: ShownState): SVGElement[] {
  const circle = (r: number, kind: string): SVGElement => svg('circle', { cx: 8, cy: 8, r, class: kind });
  const path = (d: string, kind: string): SVGElement => svg('path', { d, class: kind });
  switch (state) {
    case 'cached':
      return [circle(4.5, 'solid')];
    case 'stale':
      return [circle(4.5, 'outline')];
    case 'waiting':
      return [circle(4.5, 'outline dotted')];
    case 'running':
      return [circle(6, 'outline faint'), path('M8 2 A6 6 0 0 1 14 8', 'outline turning')];
    case 'done':
      return [circle(7, 'solid'), path('M4.8 8.3 L7 10.5 L11.2 5.9', 'sign')];
    case 'failed':
      return [circle(7, 'solid'), path('M5.4 5.4 L10.6 10.6 M10.6 5.4 L5.4 10.6', 'sign')];
    case 'skipped':
      return [path('M3.5 8 H12.5', 'outline')];
    case 'interrupted':
      return [svg('rect', { x: 4, y: 4, width: 8, height: 8, rx: 1, class: 'solid' })];
  }
}
