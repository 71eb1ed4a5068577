import type { Shape } from './attributes.ts';
import type { Graph, Output } from './graph.ts';

/** A variable of a graph: a weight or one of the optimizer's moments. */
export interface Slot {
  readonly name: string;
  readonly shape: Shape;
}

/** The variables of a graph, each with a way to set and to get its value from outside. */
export class Variables {
  readonly slots: Slot[] = [];
  readonly #graph: Graph;
  readonly #handles = new Map<string, Output>();
  readonly #values = new Map<string, Output>();

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** Adds a variable, and `get/…`, which gives its value; returns its handle. */
  declare(name: string, shape: Shape): Output {
    const handle = this.#graph.one(
      'VarHandleOp',
      [],
      { dtype: { type: 'float32' }, shape: { shape }, shared_name: { text: name } },
      `variable/${name}`,
    );
    this.slots.push({ name, shape });
    this.#handles.set(name, handle);
    const value = this.#graph.one('ReadVariableOp', [handle], { dtype: { type: 'float32' } }, `get/${name}`);
    this.#values.set(name, value);
    return handle;
  }

  handle(name: string): Output {
    return required(this.#handles, name);
  }

  /** The value before the run changes it. */
  read(name: string): Output {
    return required(this.#values, name);
  }

  /** Returns the name of the operation that assigns. */
  assign(name: string, value: Output): string {
    const inputs = [this.handle(name), value];
    return this.#graph.one('AssignVariableOp', inputs, { dtype: { type: 'float32' } }).operation;
  }

  /** Adds `restored`, which sets every variable from its placeholder `set/…`. */
  buildRestore(): void {
    const assigned = this.slots.map(({ name, shape }) => ({
      after: this.assign(name, this.#graph.placeholder(`set/${name}`, 'float32', shape)),
    }));
    const done = this.#graph.constant(Float32Array.of(1), []);
    this.#graph.one('Identity', [done, ...assigned], { T: { type: 'float32' } }, 'restored');
  }
}

function required(map: ReadonlyMap<string, Output>, name: string): Output {
  const value = map.get(name);
  if (value === undefined) throw new RangeError(`the graph has no variable ${name}`);
  return value;
}
