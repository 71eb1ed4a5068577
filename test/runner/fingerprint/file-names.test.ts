import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOfName, nameOfBytes, shownName, writeName } from '../../../runner/fingerprint/file-names.ts';

const bytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
      // A surrogate and an overlong slash as some encoders write them, and the replacement character itself.
      fc.constantFrom(
        Uint8Array.of(0xed, 0xb3, 0xa9),
        Uint8Array.of(0xc0, 0xaf),
        Uint8Array.of(0xef, 0xbf, 0xbd),
      ),
    ),
    { maxLength: 6 },
  )
  .map((parts) => Buffer.concat(parts));

describe('names of files', () => {
  it('give back their bytes, whatever these are', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        const name = nameOfBytes(given);
        expect(bytesOfName(name)).toEqual(given);
        const written = Buffer.alloc(3 * name.length);
        expect(written.subarray(0, writeName(name, written, 0))).toEqual(given);
      }),
    );
  });

  it('of UTF-8 are its text, and others are shown with their bytes', () => {
    expect(nameOfBytes(Buffer.from('naïve 𝄞 \ufffd'))).toBe('naïve 𝄞 \ufffd');
    expect(shownName(nameOfBytes(Buffer.from('caf\xe9\n.wav', 'latin1')))).toBe('caf\\xe9\n.wav');
  });
});
