// Descriptors beside librosa's on awkward material: `node bench/parity/run.mjs PYTHON [--all]`. Exits with 1 where a
// deviation is beyond its tolerance; `--all` prints every one.
//
//     python3 -m venv /tmp/parity && /tmp/parity/bin/pip install librosa==0.11.0 soxr==1.1.0
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
