// What stages on workers cost and gain: `node bench/scale/run.mjs [--rows 240] [--shards 2] [--cheap-rows 4000]`, with `temporal` on
// the PATH and the optional part temporal installed. Measures one local thread, one worker and two, then simulates 10 to
// 1,000 workers with the figures measured. With `--model FOLDER --recordings FOLDER` the rows are those of a speech
// encoder over recordings named as RAVDESS names them, rather than made up. With `--wait`, made-up rows wait in the
// place of computing: on a loaded machine that shows what the executor costs and gains by itself. `--simulate` leaves
// out the measuring and takes the figures of docs/scale.md.
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
