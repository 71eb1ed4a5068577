export * from './bootstrap.ts';
export * from './calibration.ts';
export * from './classification-report.ts';
export * from './confusion.ts';
export * from './mcnemar.ts';
export * from './summaries.ts';
