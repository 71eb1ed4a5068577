import { MessageWriter } from './wire.ts';

/** TensorFlow's numbers of the types that the graphs here use (tensorflow/core/framework/types.proto). */
export const dataTypes = { float32: 1, int32: 3, int64: 9, bool: 10, resource: 20 } as const;
export type DataType = keyof typeof dataTypes;

/** Sizes of the axes; -1 for the rows of a batch, which differ from run to run. */
export type Shape = readonly number[];

/** The value of one attribute of an operation (tensorflow/core/framework/attr_value.proto). */
export type Attribute =
  | { readonly text: string }
  | { readonly integer: number }
  | { readonly float: number }
  | { readonly bool: boolean }
  | { readonly type: DataType }
  | { readonly shape: Shape }
  | { readonly integers: readonly number[] }
  | { readonly tensor: Float32Array | Int32Array; readonly shape: Shape };

export function encodeAttribute(attribute: Attribute): MessageWriter {
  const message = new MessageWriter();
  if ('tensor' in attribute) return message.message(8, encodeTensor(attribute.tensor, attribute.shape));
  if ('text' in attribute) return message.text(2, attribute.text);
  if ('integer' in attribute) return message.integer(3, attribute.integer);
  if ('float' in attribute) return message.float(4, attribute.float);
  if ('bool' in attribute) return message.integer(5, Number(attribute.bool));
  if ('type' in attribute) return message.integer(6, dataTypes[attribute.type]);
  if ('shape' in attribute) return message.message(7, encodeShape(attribute.shape));
  const list = new MessageWriter();
  for (const value of attribute.integers) list.integer(3, value);
  return message.message(1, list);
}

function encodeShape(shape: Shape): MessageWriter {
  const message = new MessageWriter();
  for (const size of shape) message.message(2, new MessageWriter().integer(1, size));
  return message;
}

function encodeTensor(values: Float32Array | Int32Array, shape: Shape): MessageWriter {
  const type = values instanceof Float32Array ? dataTypes.float32 : dataTypes.int32;
  return new MessageWriter()
    .integer(1, type)
    .message(2, encodeShape(shape))
    .bytes(4, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}
