export type * from './columns.ts';
export type * from './command.ts';
export type * from './context.ts';
export { StageFailure } from './failure.ts';
export * from './kind.ts';
export type * from './picture.ts';
export type * from './prediction.ts';
export type * from './publication.ts';
export type * from './sound.ts';
