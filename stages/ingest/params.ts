import { z } from 'zod';

/** The header of a column that every table has. */
function header(meaning: string, usual: string): z.ZodDefault<z.ZodString> {
  return z.string().min(1).default(usual).describe(`Header of the column that holds ${meaning}`);
}

/** The header of a column that a table may have. */
function optionalHeader(meaning: string): z.ZodDefault<z.ZodNullable<z.ZodString>> {
  return z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(`Header of the column that holds ${meaning}; null: there is none`);
}

export const ingestParams = z.strictObject({
  root: z
    .string()
    .min(1)
    .default('data/ravdess')
    .describe('Folder with the recordings, in folders of any depth'),
  names: z
    .enum(['ravdess', 'crema-d', 'tess', 'savee', 'emo-db', 'table'])
    .default('ravdess')
    .describe('Where the labels are: in the file names, as this corpus has them, or in a table'),
  corpus: z
    .string()
    .min(1)
    .optional()
    .describe('What the column `corpus` says, to tell corpora apart; by default what `names` says'),
  table: z
    .string()
    .min(1)
    .default('labels.csv')
    .describe('With `names: table`, the CSV file of labels, relative to `root`'),
  delimiter: z.string().length(1).default(',').describe('What separates the cells of the table'),
  columns: z
    .strictObject({
      path: header('the path of each recording, relative to `root`', 'path'),
      emotion: header('its emotion', 'emotion'),
      speaker: header('who speaks', 'speaker'),
      sex: optionalHeader('`male` or `female`'),
      statement: optionalHeader('what is said'),
      intensity: optionalHeader('how strong the emotion is'),
    })
    .prefault({})
    .describe('Which columns of the table hold what'),
});

export type IngestParams = z.infer<typeof ingestParams>;
