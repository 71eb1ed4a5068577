import { describe, expect, it } from '@jest/globals';
import { Graph } from '../../../../stages/train/neural/graph/graph.ts';
import { add, matMul, reshape, scalar, slice } from '../../../../stages/train/neural/graph/operations.ts';
import { MessageWriter } from '../../../../stages/train/neural/graph/wire.ts';
import { Session } from '../../../../stages/train/neural/tensorflow.ts';

describe('the wire format', () => {
  // The examples of https://protobuf.dev/programming-guides/encoding/
  it('writes integers of one byte and of several', () => {
    expect([...new MessageWriter().integer(1, 150).finish()]).toEqual([0x08, 0x96, 0x01]);
    expect([...new MessageWriter().integer(1, -2).finish()]).toEqual([
      ...[0x08, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ]);
  });

  it('writes text, floats and messages', () => {
    expect([...new MessageWriter().text(2, 'testing').finish()]).toEqual([
      ...[0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67],
    ]);
    expect([...new MessageWriter().float(1, 1).finish()]).toEqual([0x0d, 0, 0, 0x80, 0x3f]);
    const inner = new MessageWriter().integer(1, 150);
    expect([...new MessageWriter().message(3, inner).finish()]).toEqual([0x1a, 0x03, 0x08, 0x96, 0x01]);
  });
});

describe('a graph', () => {
  it('computes in TensorFlow, for any number of rows', async () => {
    const graph = new Graph();
    const x = graph.placeholder('x', 'float32', [-1, 2]);
    const matrix = graph.constant(Float32Array.of(1, 2, 3, 4, 5, 6), [2, 3]);
    const product = add(graph, matMul(graph, x, matrix), scalar(graph, 100));
    const last = slice(graph, product, [0, 2], [-1, 1]);
    graph.one('Identity', [reshape(graph, last, [-1])], { T: { type: 'float32' } }, 'last');
    const session = await Session.open(graph, 1);
    expect([...session.run({ x: { data: Float32Array.of(1, 1), shape: [1, 2] } }, ['last'])[0]]).toEqual([
      109,
    ]);
    const rows = { data: Float32Array.of(1, 0, 0, 1, -1, -1), shape: [3, 2] };
    expect([...session.run({ x: rows }, ['last'])[0]]).toEqual([103, 106, 91]);
    session.close();
  });

  it('refuses a second operation of one name', () => {
    const graph = new Graph();
    graph.placeholder('x', 'float32', []);
    expect(() => graph.placeholder('x', 'float32', [])).toThrow('an operation x already');
  });
});
