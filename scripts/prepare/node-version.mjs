/** The oldest Node that the product runs on, as in `engines` of package.json. */
export const OLDEST_NODE = '20.19';

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | null} what to tell the user, or null where the version will do
 */
export function nodeTooOld(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = OLDEST_NODE.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `Node ${version} is too old: pipeline needs Node ${OLDEST_NODE} or newer (any of 20, 22 and 24 will do)`;
}
