export { exportModel } from './export/write.ts';
export { readExport } from './export/read.ts';
export { predictionJson, predictionTable, type PredictedFile } from './format.ts';
export { readNewFile } from './new-files.ts';
export { openModel } from './open-model.ts';
export { OpenChain, type ReadRow } from './open-chain.ts';
