// How often tests of differences call equal models different: `node bench/significance/run.mjs [SIMULATIONS]`.
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
