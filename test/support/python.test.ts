import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { python } from './python.ts';

const { path, reason } = python();

(path === null ? describe.skip : describe)(
  `the Python of the tests${reason === null ? '' : ` (${reason})`}`,
  () => {
    it('reads an Arrow file by pyarrow and by DuckDB', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'python-'));
      try {
        const file = join(folder, 'table.arrow');
        await writeFile(file, tableToIPC(tableFromArrays({ value: Float64Array.of(1, 2, 3.5) }), 'file'));
        const program = [
          'import sys, duckdb, pyarrow as pa',
          'rows = pa.ipc.open_file(pa.memory_map(sys.argv[1])).read_all()',
          'print(rows["value"].to_numpy().sum(), duckdb.sql("select sum(value) from rows").fetchall()[0][0])',
        ].join('\n');
        const { stdout } = await promisify(execFile)(path!, ['-c', program, file]);
        expect(stdout.trim()).toBe('6.5 6.5');
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  },
);
