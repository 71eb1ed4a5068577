import { StageFailure } from '../kind/index.ts';

/**
 * A value as the text of a JSON file: two spaces, a newline at the end, keys in the order of the value.
 *
 * @throws StageFailure for what JSON would silently turn into something else, naming where it is.
 */
export function formatJson(file: string, value: unknown): string {
  checkJson(file, value, '$');
  const text = JSON.stringify(value, null, 2) as string | undefined;
  if (text === undefined) throw new StageFailure('there is no value to write', { place: file });
  return `${text}\n`;
}

function checkJson(file: string, value: unknown, place: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new StageFailure(`${place} is ${String(value)}, which JSON cannot hold`, {
      place: file,
      hint: 'write null where there is no value',
    });
  }
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') {
    throw new StageFailure(`${place} is a ${typeof value}, which JSON cannot hold`, { place: file });
  }
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      checkJson(file, item, `${place}[${index}]`);
    });
  } else if (ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set) {
    throw new StageFailure(`${place} is a ${value.constructor.name}, which JSON would not write as a list`, {
      place: file,
      hint: 'make a plain array or object of it',
    });
  } else {
    for (const [key, item] of Object.entries(value)) checkJson(file, item, `${place}.${key}`);
  }
}
