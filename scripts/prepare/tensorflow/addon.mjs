import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../command.mjs';

/** @param {string} root */
export const addonPackage = (root) => path.join(root, 'node_modules', '@tensorflow', 'tfjs-node');

/**
 * @param {string} root
 * @returns {{ version: string, binary: { host: string } }}
 */
export function addonManifest(root) {
  return JSON.parse(readFileSync(path.join(addonPackage(root), 'package.json'), 'utf8'));
}

const PROBE = `
  const tf = require('@tensorflow/tfjs-node');
  if (tf.getBackend() !== 'tensorflow') throw new Error('tfjs-node runs without its native backend');
  if (tf.tensor([1, 2]).dataSync()[1] !== 2) throw new Error('TensorFlow gives wrong results');
`;

/**
 * Whether tfjs-node loads and computes in a process of its own.
 * @param {string} root
 */
export function addonWorks(root) {
  return run(process.execPath, ['-e', PROBE], {
    cwd: root,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', NODE_OPTIONS: '' },
  });
}
