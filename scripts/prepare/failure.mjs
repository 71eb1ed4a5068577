/** A failure of the preparation that is no bug: shown without a stack trace, with the way out. */
export class PreparationFailure extends Error {
  /**
   * @param {string} message what went wrong, and where
   * @param {string} hint what the user can do about it
   */
  constructor(message, hint) {
    super(message);
    this.name = 'PreparationFailure';
    this.hint = hint;
  }
}

/**
 * What a full disk or a folder without write permission mean to the user; other errors are returned as they are.
 * @param {unknown} error
 * @param {string} folder where the preparation was writing
 * @returns {unknown}
 */
export function explainFileError(error, folder) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(folder);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new PreparationFailure(
      `no permission to write in ${folder}`,
      'make it writable, or set XDG_CACHE_HOME to a folder that is',
    );
  }
  return error;
}

/** @param {string} folder */
export function diskFull(folder) {
  return new PreparationFailure(
    `the disk is full: ${folder}`,
    'free some space (about 3 GB are needed in all), or set XDG_CACHE_HOME to a folder on another disk',
  );
}
