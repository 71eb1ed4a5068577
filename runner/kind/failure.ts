/**
 * A failure that a stage expects: bad input, not a bug. The runner shows it without a stack trace, with its
 * place and the way out. Recognised by its name, since every stage's bundle carries its own copy of the class.
 */
export class StageFailure extends Error {
  override readonly name = 'StageFailure';
  /** Where: a file, a row's id, a param. */
  readonly place: string | undefined;
  /** The way out: what the user can do about it. */
  readonly hint: string | undefined;

  constructor(message: string, options: { place?: string; hint?: string } = {}) {
    super(message);
    this.place = options.place;
    this.hint = options.hint;
  }
}
