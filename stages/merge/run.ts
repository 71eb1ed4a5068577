import { z } from 'zod';
import {
  StageFailure,
  type Columns,
  type InputArtifact,
  type StageContext,
} from '../../runner/kind/index.ts';

const skippedRows = z.array(z.object({ name: z.string(), reason: z.string() }));

/**
 * Writes the rows of every input, one after the other, with ids `<stage>/<id>`: rows of two inputs may have one id. No
 * more than a record batch is in memory at a time.
 *
 * Throws StageFailure where inputs differ in their columns.
 */
export async function run(context: StageContext<Record<string, never>>): Promise<void> {
  const { tables } = context.inputs;
  const columns = await commonColumns(tables);
  const counts = await Promise.all(tables.map(async (input) => (await input.table('table', [])).count));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const writer = await context.output.table('table', columns);
  let done = 0;
  for (const input of tables) {
    for await (const { id, cells } of input.rows()) {
      context.signal.throwIfAborted();
      await writer.write(`${input.stage}/${id}`, cells);
      done += 1;
      context.progress({ done, total, unit: 'rows' });
    }
  }
  await writer.close();
  const leftOut = await Promise.all(tables.map(leftOutOf));
  if (leftOut.flat().length > 0) await context.output.json('skipped.json', leftOut.flat());
}

/** The rows that an input's list names as left out, by their ids here: the list goes with the rows. */
async function leftOutOf(input: InputArtifact): Promise<{ name: string; reason: string }[]> {
  if (!input.files.includes('skipped.json')) return [];
  const skipped = skippedRows.parse(await input.json('skipped.json'));
  return skipped.map(({ name, reason }) => ({ name: `${input.stage}/${name}`, reason }));
}

async function commonColumns(inputs: readonly InputArtifact[]): Promise<Columns> {
  const first = inputs.at(0);
  if (first === undefined) {
    throw new StageFailure('there is nothing to merge', {
      place: 'in.tables',
      hint: 'name the stages there',
    });
  }
  const columns = await first.columns();
  for (const [position, input] of inputs.entries()) {
    if (inputs.findIndex(({ stage }) => stage === input.stage) !== position) {
      throw new StageFailure(`${input.stage} is named twice`, { place: 'in.tables', hint: 'name it once' });
    }
    const difference = differenceOf(columns, await input.columns());
    if (difference !== undefined) {
      throw new StageFailure(`${input.stage} and ${first.stage} have other columns: ${difference}`, {
        place: input.stage,
        hint: 'merge stages of one kind, with the params that shape their columns alike',
      });
    }
  }
  return columns;
}

/** The first column that is not the same in both. */
function differenceOf(one: Columns, other: Columns): string | undefined {
  for (const name of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const [expected, found] = [one, other].map((columns) =>
      Object.hasOwn(columns, name) ? describeColumn(columns[name]) : 'absent',
    );
    if (expected !== found) return `${name} is ${found}, not ${expected}`;
  }
  return undefined;
}

function describeColumn(column: Columns[string]): string {
  const shape = 'shape' in column ? ` of shape [${column.shape.join(', ')}]` : '';
  const unit = 'unit' in column && column.unit !== undefined ? ` in ${column.unit}` : '';
  return column.type + shape + unit;
}
