import { kinds } from '../../support/rig.ts';

/** How a word that was never listed is read. */
const words = {
  ...kinds.words,
  'stages/words/predict.ts': `
    import { readFileSync } from 'node:fs';
    import { StageFailure } from 'pipeline/kind';
    export default {
      type: 'reader',
      setup: () => ({
        columns: { text: { type: 'utf8' } },
        run({ file }) {
          const text = readFileSync(file.path, 'utf8').trim();
          if (text === 'broken') throw new StageFailure('not a word', { place: file.path, hint: 'write another' });
          if (text === 'crash') throw new Error('a bug');
          return { text };
        },
      }),
    };`,
};

/** A row function that depends on a file outside the pipeline. */
const suffix = {
  'stages/suffix/index.ts': `
    import { z } from 'zod';
    import { defineRowKind } from 'pipeline/kind';
    export default defineRowKind({
      name: 'suffix',
      summary: 'Puts the content of a file behind each word',
      params: z.strictObject({ file: z.string() }),
      input: 'words',
      files: ({ file }) => [file],
      load: () => import('./suffix.ts'),
    });`,
  'stages/suffix/suffix.ts': `
    import { readFileSync } from 'node:fs';
    export const setup = ({ params }) => {
      const end = readFileSync(params.file, 'utf8').trim();
      return {
        columns: { text: { type: 'utf8' } },
        notes: ['the end is ' + end],
        run: ({ cells }) => ({ text: cells.text + end }),
      };
    };`,
};

/** Learns how long words are on average, and tells how likely others are short or long. */
const length = {
  'stages/length/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'length',
      summary: 'Mean length',
      params: z.strictObject({ scale: z.number().default(1) }),
      inputs: { words: 'one' },
      load: () => import('./length.ts'),
    });`,
  'stages/length/length.ts': `
    export async function run({ params, input, output }) {
      const texts = (await input('words').table()).text('text');
      const total = texts.reduce((sum, text) => sum + text.length, 0);
      await output.json('learnt.json', { mean: (params.scale * total) / texts.length });
    }`,
  'stages/length/predict.ts': `
    export default {
      type: 'predictor',
      inputs: ['words'],
      async setup({ model }) {
        const { mean } = await model.json('learnt.json');
        return {
          target: 'size',
          labels: ['short', 'long'],
          columns: { long: { type: 'float64' } },
          notes: ['the mean is ' + mean],
          run: async (rows) => rows.map(({ inputs }) => {
            const { length } = inputs.words[0].cells.text;
            const long = length / (length + mean);
            return { probabilities: [1 - long, long], cells: { long }, details: { length } };
          }),
        };
      },
      card: async ({ model, inputs, ancestors }) =>
        '# ' + model.stage + '\\n' + inputs.words[0].stage + '\\n' +
        ancestors.map(({ stage, params }) => stage + ' ' + JSON.stringify(params)).join('\\n') + '\\n',
    };`,
};

/** A model of models. */
const vote = {
  'stages/vote/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'vote',
      summary: 'The mean of models',
      params: z.strictObject({}),
      inputs: { models: 'many' },
      load: () => import('./vote.ts'),
    });`,
  'stages/vote/vote.ts': `export const run = ({ output, inputs }) => output.json('count.json', inputs.models.length);`,
  'stages/vote/predict.ts': `
    export default {
      type: 'predictor',
      inputs: ['models'],
      setup: async () => ({
        target: 'size',
        labels: ['short', 'long'],
        columns: {},
        notes: [],
        run: async (rows) => rows.map(({ inputs }) => {
          const said = inputs.models.map(({ cells }) => cells.long);
          const long = said.reduce((a, b) => a + b) / said.length;
          return { probabilities: [1 - long, long], cells: {}, details: { said } };
        }),
      }),
      card: async () => '# vote\\n',
    };`,
};

/** Says how good the models are, in the shape of the evaluation. */
const judge = {
  'stages/judge/index.ts': `
    import { z } from 'zod';
    import { defineKind } from 'pipeline/kind';
    export default defineKind({
      name: 'judge',
      summary: 'Judges models',
      params: z.strictObject({ accuracy: z.record(z.string(), z.number()) }),
      inputs: { models: 'many' },
      load: () => import('./judge.ts'),
    });`,
  'stages/judge/judge.ts': `
    export const run = ({ params, inputs, output }) => output.json('metrics.json', {
      results: inputs.models.map(({ stage }) => ({ stage, testAccuracy: params.accuracy[stage] })),
    });`,
};

/** words → suffix → two models of length → their vote, and a judge who prefers the second. */
export const predictProject = {
  'pipeline.yaml': `stages:
  words: {uses: words}
  suffix: {uses: suffix, in: {words: words}, with: {file: ends/end.txt}}
  length: {uses: length, in: {words: suffix}, matrix: {scale: [1, 3]}}
  vote: {uses: vote, in: {models: ["length[*]"]}}
  judge: {uses: judge, in: {models: ["length[*]"]}, with: {accuracy: {"length[1]": 0.5, "length[3]": 0.75}}}
`,
  'ends/end.txt': '!!',
  'data/a.txt': 'one',
  'data/b.txt': 'three',
  ...words,
  ...suffix,
  ...length,
  ...vote,
  ...judge,
};
