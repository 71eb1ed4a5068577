import { encodeAttribute, type Attribute, type DataType, type Shape } from './attributes.ts';
import { MessageWriter } from './wire.ts';

/** One output of an operation in a graph: a value that exists only while the graph runs. */
export interface Output {
  readonly operation: string;
  readonly index: number;
}

/** An operation that must have run before another may, though it hands it no value. */
export interface ControlInput {
  readonly after: string;
}

export interface OperationOptions {
  readonly name?: string;
  readonly outputs?: number;
}

/**
 * A TensorFlow graph (GraphDef) under construction. TensorFlow runs it whole, with independent operations in
 * parallel and no JavaScript in between.
 */
export class Graph {
  readonly #nodes: MessageWriter[] = [];
  readonly #names = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** Adds an operation and returns its outputs; names are made of the operation's type unless given. */
  add(
    type: string,
    inputs: readonly (Output | ControlInput)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    options: OperationOptions = {},
  ): Output[] {
    const name = options.name ?? this.#freshName(type);
    if (this.#names.has(name)) throw new RangeError(`the graph has an operation ${name} already`);
    this.#names.add(name);
    const node = new MessageWriter().text(1, name).text(2, type);
    // TensorFlow wants control inputs behind all others.
    for (const input of inputs) {
      if ('operation' in input) node.text(3, `${input.operation}:${input.index}`);
    }
    for (const input of inputs) {
      if ('after' in input) node.text(3, `^${input.after}`);
    }
    for (const [key, value] of Object.entries(attributes)) {
      node.message(5, new MessageWriter().text(1, key).message(2, encodeAttribute(value)));
    }
    this.#nodes.push(node);
    return Array.from({ length: options.outputs ?? 1 }, (_, index) => ({ operation: name, index }));
  }

  /** An operation with one output. */
  one(
    type: string,
    inputs: readonly (Output | ControlInput)[],
    attributes: Readonly<Record<string, Attribute>> = {},
    name?: string,
  ): Output {
    return this.add(type, inputs, attributes, name === undefined ? {} : { name })[0];
  }

  placeholder(name: string, type: DataType, shape: Shape): Output {
    return this.one('Placeholder', [], { dtype: { type }, shape: { shape } }, name);
  }

  constant(values: Float32Array | Int32Array, shape: Shape, control?: readonly ControlInput[]): Output {
    const type = values instanceof Float32Array ? 'float32' : 'int32';
    return this.one('Const', control ?? [], { dtype: { type }, value: { tensor: values, shape } });
  }

  /** The graph as the bytes of `saved_model.pb` with the tag `serve`. */
  toSavedModel(): Uint8Array {
    const graph = new MessageWriter();
    for (const node of this.#nodes) graph.message(1, node);
    graph.message(4, new MessageWriter().integer(1, graphVersion));
    const meta = new MessageWriter().text(4, 'serve');
    return new MessageWriter()
      .integer(1, 1)
      .message(2, new MessageWriter().message(1, meta).message(2, graph))
      .finish();
  }

  #freshName(type: string): string {
    const count = (this.#counts.get(type) ?? 0) + 1;
    this.#counts.set(type, count);
    return `${type}_${count}`;
  }
}

/** A producer version that every TensorFlow 2 reads and that asks for no old behaviour. */
const graphVersion = 1000;
