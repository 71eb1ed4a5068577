export { dagMermaid } from './mermaid.ts';
export { resolveNames } from './names.ts';
export { topologicalOrder } from './order.ts';
export { downstream, upstream } from './reach.ts';
export { select } from './select.ts';
export type { Selection, SelectOptions } from './select.ts';
export type { InstanceState, States } from './states.ts';
export { dagSvg } from './svg.ts';
export { dagText } from './text.ts';
