export { jsonSchema } from './schema.ts';
export { configReference } from './reference.ts';
export { loadPipeline, planPipeline } from './load.ts';
export type * from './pipeline.ts';
