// Measures features/encoder beside PyTorch: `node bench/encoder/run.mjs PYTHON FOLDER ONNX_FOLDER [THREADS]`, where
// PYTHON has torch and transformers, FOLDER the encoder's PyTorch weights, and ONNX_FOLDER is what
// scripts/export-encoder.py made of it.
import { runBundled } from '../run-bundled.mjs';

await runBundled(import.meta.dirname);
