import { describe, expect, it } from '@jest/globals';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A protobuf field of wire type 2: a message, a string or bytes. */
function field(number: number, ...parts: (Uint8Array | string)[]): Uint8Array {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part as Uint8Array)));
  if (body.length > 127) throw new Error('the length would take two bytes');
  return Buffer.concat([Uint8Array.of((number << 3) | 2, body.length), body]);
}

const integer = (number: number, value: number): Uint8Array => Uint8Array.of(number << 3, value);

/** An ONNX model of one node: `sum = left + right`, float32 vectors of `length` values. */
function additionModel(length: number): Uint8Array {
  const vector = field(2, field(1, integer(1, 1), field(2, field(1, integer(1, length)))));
  const graph = field(
    7,
    field(1, field(1, 'left'), field(1, 'right'), field(2, 'sum'), field(4, 'Add')),
    field(2, 'addition'),
    field(11, field(1, 'left'), vector),
    field(11, field(1, 'right'), vector),
    field(12, field(1, 'sum'), vector),
  );
  return Buffer.concat([integer(1, 8), graph, field(8, integer(2, 13))]);
}

describe('onnxruntime-node inside the test environment', () => {
  it('runs a session on tensors made in a test', async () => {
    const session = await InferenceSession.create(additionModel(3));
    const { sum } = await session.run({
      left: new Tensor('float32', Float32Array.of(1, 2, 3), [3]),
      right: new Tensor('float32', Float32Array.of(10, 20, 30), [3]),
    });
    expect(sum.data).toEqual(Float32Array.of(11, 22, 33));
    expect(sum.data instanceof Float32Array).toBe(true);
    expect(sum instanceof Tensor).toBe(true);
  });
});
