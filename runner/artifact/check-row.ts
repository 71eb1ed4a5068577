import { StageFailure, type Cell, type Cells, type Column, type Columns } from '../kind/index.ts';
import { sizeOfShape } from './shape.ts';

const maximumCellBytes = 2 ** 30;

/**
 * Checks that a row can be stored and read back as it is: every column has a cell of its type and length, there
 * are no others, and no number is NaN or infinite.
 *
 * @throws StageFailure naming the row and the column.
 */
export function checkRow(id: string, columns: Columns, cells: Cells): void {
  if (id === '' || !isWellFormed(id)) {
    throw new StageFailure(`a row's id must be text that is not empty, not ${JSON.stringify(id)}`);
  }
  for (const name of Object.keys(cells)) {
    if (!Object.hasOwn(columns, name)) {
      throw new StageFailure(`cell ${name} belongs to no column`, {
        place: id,
        hint: `the table's columns are ${Object.keys(columns).join(', ') || 'none'}`,
      });
    }
  }
  for (const [name, column] of Object.entries(columns)) {
    const cell = Object.hasOwn(cells, name) ? cells[name] : undefined;
    const fault = cell === undefined ? 'is missing' : faultOf(column, cell);
    if (fault !== undefined) throw new StageFailure(`column ${name} ${fault}`, { place: id });
  }
}

/** What keeps a cell from being stored in this column; undefined if nothing does. */
function faultOf(column: Column, cell: Cell): string | undefined {
  switch (column.type) {
    case 'utf8':
      if (typeof cell !== 'string') return `must be text, not ${describe(cell)}`;
      return isWellFormed(cell) ? undefined : 'holds half of a surrogate pair, which UTF-8 cannot store';
    case 'bool':
      return typeof cell === 'boolean' ? undefined : `must be true or false, not ${describe(cell)}`;
    case 'int32':
      return Number.isInteger(cell) && (cell as number) === ((cell as number) | 0)
        ? undefined
        : `must be a whole number of 32 bits, not ${describe(cell)}`;
    case 'float64':
      return Number.isFinite(cell) ? undefined : `must be a finite number, not ${describe(cell)}`;
    case 'tensor':
    case 'sequence':
      return cell instanceof Float32Array
        ? faultOfFloats(column, cell)
        : `must be a Float32Array, not ${describe(cell)}`;
  }
}

function faultOfFloats(
  column: Column & { shape: readonly number[] },
  cell: Float32Array,
): string | undefined {
  const size = sizeOfShape(column.shape);
  const shape = `[${column.shape.join(', ')}]`;
  if (column.type === 'tensor' && cell.length !== size) {
    return `has ${cell.length} values where shape ${shape} has ${size}`;
  }
  if (cell.length % size !== 0) {
    return `has ${cell.length} values, which is no whole number of steps of shape ${shape}`;
  }
  if (cell.byteLength > maximumCellBytes) return `has ${cell.length} values; at most 2^28 can be stored`;
  for (let index = 0; index < cell.length; index++) {
    if (!Number.isFinite(cell[index])) return `holds ${String(cell[index])} at index ${index}`;
  }
  return undefined;
}

/** Whether the text has no lone surrogates: others come back from UTF-8 as another text. */
function isWellFormed(text: string): boolean {
  return typeof text === 'string' && !/\p{Surrogate}/u.test(text);
}

function describe(cell: Cell): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'string') return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell);
  if (typeof cell === 'boolean') return String(cell);
  const name = (cell as object | null)?.constructor.name;
  return name === undefined ? 'null' : `a ${name}`;
}
