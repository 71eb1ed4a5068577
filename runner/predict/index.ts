export { exportModel } from './export/write.ts';
export { readExport } from './export/read.ts';
export { predictionJson, predictionTable, problemJson } from './format.ts';
export { readNewFile, type FileOutcome } from './new-files.ts';
export { openModel } from './open-model.ts';
export { spoolInput, STANDARD_INPUT } from './standard-input.ts';
export { OpenChain } from './open-chain.ts';
