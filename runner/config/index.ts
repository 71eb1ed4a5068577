export { jsonSchema } from './schema.ts';
export type { JsonSchema } from './json-schema.ts';
export { configReference } from './reference.ts';
export { loadPipeline, planPipeline } from './load.ts';
export type { LoadOptions } from './load.ts';
export type * from './pipeline.ts';
