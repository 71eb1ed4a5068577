export { jsonSchema } from './schema.ts';
export type { JsonSchema } from './schema.ts';
export { loadPipeline, planPipeline } from './load.ts';
export type { LoadOptions } from './load.ts';
export type * from './pipeline.ts';
