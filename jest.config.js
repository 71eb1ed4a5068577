// TensorFlow's start-up notices would drown the tests' own output; the workers inherit the environment.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
// As in a stage's own process: results must not depend on how TensorFlow cuts an operation among threads.
process.env.TF_NUM_INTRAOP_THREADS ??= '1';

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: './test/environment/environment.js',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/artifacts/', '<rootDir>/.pipeline/'],
  // Training a network and running the whole pipeline are among the tests; a hang is caught all the same.
  testTimeout: 120_000,
  maxWorkers: 2,
};
