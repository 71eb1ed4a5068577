export { exportModel } from './export/write.ts';
export { readExport } from './export/read.ts';
export { predictionJson, predictionTable, problemJson, type PredictedFile } from './format.ts';
export { readNewFile, type FileOutcome } from './new-files.ts';
export { openModel } from './open-model.ts';
export { spoolInput, STANDARD_INPUT, type SpooledInput } from './standard-input.ts';
export { OpenChain, type ReadRow } from './open-chain.ts';
