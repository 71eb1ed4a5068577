import { addonManifest } from './addon.mjs';
import { run } from '../command.mjs';

const PROBE_MS = 3_000;
const INSTALL_MS = 10 * 60_000;

/**
 * Whether the host that tfjs-node downloads its binaries from answers at all. Behind a proxy, of which Node's own
 * requests know nothing, this may say no though the download would work: then the other way is taken.
 * @param {string} root
 */
export async function downloadHostAnswers(root, env = process.env) {
  const host = env['TFJS_NODE_CDN_STORAGE'] ?? env['CDN_STORAGE'] ?? addonManifest(root).binary.host;
  try {
    await fetch(host, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_MS) });
    return true;
  } catch {
    return false;
  }
}

/**
 * The package's own install step: downloads libtensorflow and a prebuilt addon.
 * @param {string} root
 */
export function ordinaryInstall(root) {
  const args = ['rebuild', '@tensorflow/tfjs-node', '--ignore-scripts=false', '--foreground-scripts'];
  return run('npm', args, { cwd: root, timeoutMs: INSTALL_MS });
}
