/**
 * The words of a command line up to the cursor, without the quotes and backslashes of the shell; the last one is what
 * is being typed, and may be empty.
 */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let quote: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at];
    if (quote !== undefined) {
      if (character === quote) quote = undefined;
      else word += character;
    } else if (character === "'" || character === '"') quote = character;
    else if (character === '\\') {
      at += 1;
      word += line[at] ?? '';
    } else if (/\s/.test(character)) {
      words.push(word);
      word = '';
    } else word += character;
  }
  return [...words.filter((each) => each !== ''), word];
}
