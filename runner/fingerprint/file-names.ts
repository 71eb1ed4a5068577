import { isUtf8 } from 'node:buffer';

/**
 * Names of files are bytes, mostly those of UTF-8. A byte that is no part of UTF-8 stands in a name as the lone
 * surrogate U+DC80 to U+DCFF (as PEP 383 has it), which no UTF-8 gives: different bytes, different names.
 */
const escapesStart = 0xdc00;

/** What a decoder puts where bytes are not UTF-8; a name may also hold it as itself. */
export const replacement = '\ufffd';

export function nameOfBytes(bytes: Buffer): string {
  const name = bytes.toString('utf8');
  if (!name.includes(replacement) || isUtf8(bytes)) return name;
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const character = bytes.subarray(at, at + lengthOfCharacter(bytes[at]));
    const whole = isUtf8(character);
    parts.push(whole ? character.toString('utf8') : String.fromCharCode(escapesStart + bytes[at]));
    at += whole ? character.length : 1;
  }
  return parts.join('');
}

/** Bytes of a character in UTF-8 that begins so. */
function lengthOfCharacter(first: number): number {
  return first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The bytes that a name, or a path of names, stands for. */
export function bytesOfName(name: string): Buffer {
  if (name.isWellFormed()) return Buffer.from(name);
  return Buffer.concat(
    Array.from(name, (character) =>
      isEscape(character) ? Buffer.of(character.charCodeAt(0) - escapesStart) : Buffer.from(character),
    ),
  );
}

/** Writes the bytes of a name into others, which must have room for three times its length; tells how many there are. */
export function writeName(name: string, bytes: Buffer, start: number): number {
  return name.isWellFormed() ? bytes.write(name, start) : bytesOfName(name).copy(bytes, start);
}

/** A path as the system takes it. */
export function onDisk(path: string): string | Buffer {
  return path.isWellFormed() ? path : bytesOfName(path);
}

/** A name for people: bytes that are not UTF-8 as `\xe9`. */
export function shownName(name: string): string {
  if (name.isWellFormed()) return name;
  return Array.from(name, (character) =>
    isEscape(character) ? `\\x${(character.charCodeAt(0) - escapesStart).toString(16)}` : character,
  ).join('');
}

function isEscape(character: string): boolean {
  return character.length === 1 && character >= '\udc80' && character <= '\udcff';
}
