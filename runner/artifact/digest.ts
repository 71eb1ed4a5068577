import { createHash, type Hash } from 'node:crypto';
import { StageFailure, type Cell, type Cells, type Column, type Columns } from '../kind/index.ts';

/** The parts of a digest that are the same for every row of a table. */
interface Frame {
  readonly name: string;
  readonly column: Column;
  /** Name, type, shape and unit, with their length in front. */
  readonly header: Buffer;
}

const frames = new WeakMap<Columns, readonly Frame[]>();

/**
 * SHA-256, in hex, of a row: its id and its cells in the order of the columns' names. Each part is framed by its
 * length and each cell by its column's name, type, shape and unit, so that no two different rows are hashed
 * from the same bytes. The order in which the columns were declared does not matter.
 *
 * @throws StageFailure where a cell is missing or of another type than its column.
 */
export function digestOfCells(id: string, columns: Columns, cells: Cells): string {
  const hash = createHash('sha256');
  updateFramed(hash, Buffer.from(id));
  for (const { name, column, header } of framesOf(columns)) {
    hash.update(header);
    updateFramed(hash, bytesOf(id, name, column, cells[name]));
  }
  return hash.digest('hex');
}

function framesOf(columns: Columns): readonly Frame[] {
  const known = frames.get(columns);
  if (known) return known;
  const made = Object.entries(columns)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, column]) => ({ name, column, header: headerOf(name, column) }));
  frames.set(columns, made);
  return made;
}

function headerOf(name: string, column: Column): Buffer {
  const shape = 'shape' in column ? column.shape : null;
  const unit = 'unit' in column ? column.unit : null;
  const bytes = Buffer.from(JSON.stringify([name, column.type, shape, unit ?? null]));
  return Buffer.concat([lengthOf(bytes), bytes]);
}

function bytesOf(id: string, name: string, column: Column, cell: Cell | undefined): Uint8Array {
  switch (column.type) {
    case 'utf8':
      if (typeof cell === 'string') return Buffer.from(cell);
      break;
    case 'bool':
      if (typeof cell === 'boolean') return Uint8Array.of(cell ? 1 : 0);
      break;
    case 'int32':
      // An integer has no minus zero: it is stored as zero, and counts as that.
      if (typeof cell === 'number') return numberBytes(cell + 0);
      break;
    case 'float64':
      if (typeof cell === 'number') return numberBytes(cell);
      break;
    case 'tensor':
    case 'sequence':
      if (cell instanceof Float32Array) return new Uint8Array(cell.buffer, cell.byteOffset, cell.byteLength);
      break;
  }
  throw new StageFailure(`column ${name} has no ${column.type} value`, { place: id });
}

function numberBytes(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeDoubleLE(value);
  return bytes;
}

function updateFramed(hash: Hash, bytes: Uint8Array): void {
  hash.update(lengthOf(bytes)).update(bytes);
}

function lengthOf(bytes: Uint8Array): Uint8Array {
  const length = Buffer.allocUnsafe(8);
  length.writeBigUInt64LE(BigInt(bytes.byteLength));
  return length;
}
