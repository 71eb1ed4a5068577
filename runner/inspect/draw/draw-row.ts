import type { TableFile } from '../../artifact/index.ts';
import { PipelineError } from '../../errors.ts';
import type { Columns, DrawRow, Picture, PictureSource, Row } from '../../kind/index.ts';
import { findRow } from '../find-row.ts';
import { withTableOfRows } from '../inspect-path.ts';
import { matrixOf } from '../matrix.ts';
import { drawCurve, drawHeatMap, stack } from './plots.ts';

export interface DrawingOptions {
  /** The kind's own way to draw a row, if it has one. */
  readonly draw?: DrawRow;
  /** The stage's params, for `draw`. */
  readonly params?: unknown;
  /** The artifact that the rows were made from, one for one. */
  readonly inputPath?: string;
}

interface TableRow {
  readonly row: Row;
  readonly columns: Columns;
}

/**
 * A picture of a row.
 *
 * @throws PipelineError where there is no such row, or nothing in it to draw.
 */
export async function drawRow(path: string, id: string, options: DrawingOptions = {}): Promise<Picture> {
  const source = await withTableOfRows(path, async (name, table) => {
    const { ids } = await table.digests();
    return rowAt(table, findRow(name, ids, id));
  });
  if (options.draw === undefined) return drawNumbers(path, source);
  const input = options.inputPath === undefined ? undefined : await sameRow(options.inputPath, source.row.id);
  return options.draw({ ...source, params: options.params, ...(input !== undefined && { input }) });
}

/** The row of the input with this id; undefined where it is no longer there. */
async function sameRow(path: string, id: string): Promise<PictureSource['input']> {
  return withTableOfRows(path, async (_, table) => {
    const position = (await table.digests()).ids.indexOf(id);
    return position < 0 ? undefined : rowAt(table, position);
  });
}

async function rowAt(table: TableFile, position: number): Promise<TableRow> {
  const [{ row }] = await table.readRows([position]);
  return { row, columns: table.columns };
}

/** What can be drawn of any row: its vectors as curves and its matrices as heat maps. */
function drawNumbers(path: string, { row, columns }: TableRow): Picture {
  const pictures = Object.entries(columns).flatMap(([name, column]) => {
    const cell = row.cells[name];
    if (typeof cell !== 'object' || cell.length === 0) return [];
    const matrix = matrixOf(column, cell);
    return [matrix === undefined ? drawCurve(cell) : drawHeatMap(matrix)];
  });
  if (pictures.length > 0) return stack(pictures);
  throw new PipelineError(
    [
      {
        message: `row ${row.id} has nothing to draw`,
        place: { file: path },
        hint: 'pictures are of tensors and sequences; without --png the row is shown as text',
      },
    ],
    2,
  );
}
