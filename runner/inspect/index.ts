/** Looking at artifacts: what `pipeline inspect` shows. */
export { drawRow, type DrawingOptions } from './draw/draw-row.ts';
export { encodePng } from './draw/png.ts';
export { formatInspection } from './format/format-inspection.ts';
export { inspectPath } from './inspect-path.ts';
export type * from './inspection.ts';
