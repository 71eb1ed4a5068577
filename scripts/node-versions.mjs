// Runs a command under other versions of Node: `node scripts/node-versions.mjs 22 24 -- npm test`. Without a command
// it only installs them, for the tests that look for them; without versions it takes all that are tested.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installOtherNode, otherLines } from './prepare/other-node.mjs';
import { reportFailure } from './prepare/reporter.mjs';

const args = process.argv.slice(2);
const end = args.includes('--') ? args.indexOf('--') : args.length;
const lines = end === 0 ? otherLines() : args.slice(0, end);
const [program, ...rest] = args.slice(end + 1);

try {
  for (const line of lines) {
    const bin = await installOtherNode(line);
    if (program === undefined) continue;
    process.stderr.write(`Node ${line}: ${[program, ...rest].join(' ')}\n`);
    const env = { ...process.env, PATH: `${bin}${path.delimiter}${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync(program, rest, { stdio: 'inherit', env });
    if (status !== 0) {
      process.stderr.write(`error: failed under Node ${line}\n`);
      process.exitCode = 1;
    }
  }
} catch (error) {
  process.exitCode = reportFailure(error);
}
