// Measures pYIN beside librosa's: `node bench/pitch/run.mjs PYTHON [FOLDER]`, where PYTHON has librosa.
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
