export { loadPipeline, planPipeline } from './load.ts';
export type { LoadOptions } from './load.ts';
export type * from './pipeline.ts';
