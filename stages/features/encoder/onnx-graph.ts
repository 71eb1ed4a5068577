import { readFile } from 'node:fs/promises';
import { StageFailure } from '../../../runner/kind/index.ts';

/** A node of an ONNX graph, as far as it is needed here. */
export interface GraphNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

// Field numbers of onnx.proto3: ModelProto.graph, GraphProto.node, and NodeProto's input, output and op_type.
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_OPERATOR = 4;

/** The nodes of an ONNX file's main graph. Reads the protobuf wire format itself, skipping the weights. */
export async function readGraphNodes(path: string): Promise<GraphNode[]> {
  const file = await readFile(path);
  try {
    return [...messagesOf(file, MODEL_GRAPH)].flatMap((graph) =>
      [...messagesOf(graph, GRAPH_NODE)].map(nodeOf),
    );
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new StageFailure('the file is no ONNX graph, or is cut', {
      place: path,
      hint: 'download or export it again',
    });
  }
}

/**
 * The first convolution of a graph that computes with quantised numbers, or undefined. In these encoders such
 * convolutions destroy the embeddings.
 */
export function quantisedConvolution(nodes: readonly GraphNode[]): GraphNode | undefined {
  const dequantised = new Set(
    nodes.filter((node) => node.operator === 'DequantizeLinear').flatMap((node) => node.outputs),
  );
  return nodes.find(
    (node) =>
      ['ConvInteger', 'QLinearConv'].includes(node.operator) ||
      (node.operator === 'Conv' && node.inputs.some((input) => dequantised.has(input))),
  );
}

function nodeOf(message: Buffer): GraphNode {
  const text = (field: number): string[] =>
    [...messagesOf(message, field)].map((bytes) => bytes.toString('utf8'));
  return { operator: text(NODE_OPERATOR)[0] ?? '', inputs: text(NODE_INPUT), outputs: text(NODE_OUTPUT) };
}

/** The length-delimited values of one field of a message, in order. Throws RangeError where the bytes end early. */
function* messagesOf(message: Buffer, field: number): Generator<Buffer> {
  const position = { at: 0 };
  while (position.at < message.length) {
    const tag = varint(message, position);
    const number = Math.floor(tag / 8);
    switch (tag % 8) {
      case 0:
        varint(message, position);
        break;
      case 1:
        position.at += 8;
        break;
      case 2: {
        const length = varint(message, position);
        const end = position.at + length;
        if (end > message.length) throw new RangeError('cut');
        if (number === field) yield message.subarray(position.at, end);
        position.at = end;
        break;
      }
      case 5:
        position.at += 4;
        break;
      default:
        throw new RangeError('unknown wire type');
    }
  }
}

/** Reads a base-128 varint; exact up to 2^53, and lengths and tags are far below that. */
function varint(bytes: Buffer, position: { at: number }): number {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    if (position.at >= bytes.length) throw new RangeError('cut');
    const byte = bytes[position.at];
    position.at += 1;
    value += (byte % 128) * factor;
    if (byte < 128) return value;
  }
}
