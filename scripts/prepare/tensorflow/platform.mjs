/** The command of the ordinary route, for users whom this preparation cannot help. */
export const ORDINARY_COMMAND = 'npm rebuild @tensorflow/tfjs-node --foreground-scripts';

/**
 * Why libtensorflow cannot be taken from the Python package here, or null where it can.
 * @param {{ platform: string, arch: string, glibc: string | undefined }} machine
 */
export function noLibraryFor({ platform, arch, glibc }) {
  if (platform !== 'linux' || arch !== 'x64') {
    return `on ${platform} ${arch} TensorFlow comes only by tfjs-node's own install step`;
  }
  if (glibc === undefined) return 'TensorFlow needs glibc, and this Linux has another C library (musl)';
  const [major = 0, minor = 0] = glibc.split('.').map(Number);
  if (major < 2 || (major === 2 && minor < 17))
    return `TensorFlow needs glibc 2.17, and this Linux has ${glibc}`;
  return null;
}

export function thisMachine() {
  /** @type {any} the report's type does not tell its header */
  const report = process.report.getReport();
  return { platform: process.platform, arch: process.arch, glibc: report.header.glibcVersionRuntime };
}
