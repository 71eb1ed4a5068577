export { resolveNames } from './names.ts';
export { topologicalOrder } from './order.ts';
export { downstream, upstream } from './reach.ts';
export { select } from './select.ts';
export type { Selection, SelectOptions } from './select.ts';
