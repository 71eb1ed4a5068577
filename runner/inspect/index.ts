/** Looking at artifacts: what `pipeline inspect` shows. */
export { drawRow, type DrawingOptions } from './draw/draw-row.ts';
export { encodePng } from './draw/png.ts';
export { formatInspection, type FormatOptions } from './format/format-inspection.ts';
export { inspectPath, type InspectionOptions } from './inspect-path.ts';
export type * from './inspection.ts';
export type { NumberStatistics, TextStatistics } from './statistics.ts';
