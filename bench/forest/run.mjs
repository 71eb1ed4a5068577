// Measures the forest beside scikit-learn's: `node bench/forest/run.mjs PYTHON [speed]`, where PYTHON has scikit-learn.
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
