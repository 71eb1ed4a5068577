import { exitCodes, main } from './cli/main.ts';

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // Nobody may read what has not been written, and nothing may be waited for.
  if (code === exitCodes.interrupted || code === exitCodes.closed) process.exit();
});
