import { sizeOfShape, type TableFile } from '../artifact/index.ts';
import type { Cell, Column } from '../kind/index.ts';
import type { ColumnInspection, TableInspection } from './inspection.ts';
import { RunningStatistics, RunningTexts } from './statistics.ts';

const idsShown = 5;

/** Goes through a table once, one batch in memory at a time. */
export async function inspectTable(name: string, table: TableFile): Promise<TableInspection> {
  const columns = Object.entries(table.columns).map(([column, type]) => new RunningColumn(column, type));
  const firstIds: string[] = [];
  for await (const { row } of table.rows()) {
    if (firstIds.length < idsShown) firstIds.push(row.id);
    for (const column of columns) column.add(row.cells[column.name]);
  }
  return {
    name,
    rows: table.count,
    batches: table.batches,
    metadata: table.metadata,
    columns: columns.map((column) => column.result()),
    firstIds,
  };
}

class RunningColumn {
  readonly name: string;
  readonly #column: Column;
  readonly #numbers = new RunningStatistics();
  readonly #steps = new RunningStatistics();
  readonly #texts = new RunningTexts();
  readonly #stepSize: number;

  constructor(name: string, column: Column) {
    this.name = name;
    this.#column = column;
    this.#stepSize = 'shape' in column ? sizeOfShape(column.shape) : 1;
  }

  add(cell: Cell): void {
    if (typeof cell === 'string') this.#texts.add(cell);
    else if (typeof cell === 'object') {
      this.#numbers.add(cell);
      this.#steps.add([cell.length / this.#stepSize]);
    } else this.#numbers.add([Number(cell)]);
  }

  result(): ColumnInspection {
    return {
      name: this.name,
      column: this.#column,
      ...(this.#column.type === 'utf8'
        ? { text: this.#texts.result() }
        : { numbers: this.#numbers.result() }),
      ...(this.#column.type === 'sequence' && { steps: this.#steps.result() }),
    };
  }
}
