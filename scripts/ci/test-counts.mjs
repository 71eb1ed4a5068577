// Prints how many tests passed, failed and were skipped, as counted in jest's JSON file; fails if there is none of it.
import { readFileSync } from 'node:fs';
import { testCounts } from './counts.mjs';

const [file = ''] = process.argv.slice(2);
try {
  process.stdout.write(`${testCounts(JSON.parse(readFileSync(file, 'utf8')))}\n`);
} catch {
  process.stderr.write('error: the tests did not get as far as a result\n');
  process.exitCode = 1;
}
