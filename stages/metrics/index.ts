export * from './bootstrap.ts';
export * from './calibration.ts';
export * from './classification-report.ts';
export * from './confusion.ts';
export * from './holm.ts';
export * from './sign-flips.ts';
export * from './summaries.ts';
