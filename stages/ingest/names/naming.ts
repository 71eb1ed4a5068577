import path from 'node:path';

/** What is known of a recording beside its sound. Empty text and 0 stand for what a corpus does not say. */
export interface Labels {
  /** By the name that all corpora share: `stages/ingest/emotions.ts`. */
  readonly emotion: string;
  readonly intensity: string;
  readonly statement: string;
  /** From 1; 0 where it is not known. */
  readonly repetition: number;
  /** As the corpus calls them. Two corpora may call different speakers by one name. */
  readonly speaker: string;
  readonly sex: 'male' | 'female' | '';
}

export interface NamedRecording {
  readonly labels: Labels;
  /** What the recording is called in its corpus: two files of one name are copies of one recording. */
  readonly recording: string;
}

/** What the name says, or why the file is no recording of the corpus. */
export type ParsedName = NamedRecording | { readonly reason: string };

/** How a corpus names its files. */
export interface Naming {
  /** As its authors call it. */
  readonly title: string;
  /** @param file its path with forward slashes, of which few corpora need more than the last part. */
  parse(file: string): ParsedName;
}

/** The name of a wav file without folders and extension, or why it is none. */
export function wavStem(file: string): { readonly stem: string } | { readonly reason: string } {
  const name = path.posix.basename(file);
  if (name.startsWith('.')) return { reason: 'a hidden file' };
  if (!name.toLowerCase().endsWith('.wav')) return { reason: 'not a .wav file' };
  return { stem: name.slice(0, -'.wav'.length) };
}

/** The reason that names a field of a file's name and what it may hold. */
export function unknownField(field: string, found: string, expected: string): { readonly reason: string } {
  return { reason: `unknown ${field} ${found}: expected ${expected}` };
}

/** The keys of a code table, for `unknownField`. */
export function codesOf(codes: ReadonlyMap<string, unknown>): string {
  return [...codes.keys()].join(', ');
}
