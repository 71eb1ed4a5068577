import { z } from 'zod';
import { noCache, parseCacheAddress } from './cache-address.ts';
import { parseDuration, parseMemory } from './quantities.ts';

/** The shape of pipeline.yaml: what its keys mean, for validation and for the schema that editors read. */

const matrixValue = z.union([z.string(), z.number(), z.boolean()]);

const combination = z.record(z.string(), matrixValue);

const resources = z
  .strictObject({
    cpus: z
      .union([z.int().min(1), z.literal('all')])
      .optional()
      .describe('Threads that one instance uses; all: every one there is.'),
    memory: z
      .union([z.string(), z.number()])
      .refine((text) => parseMemory(text) !== undefined, 'must be a size as in 2GB or 512MiB')
      .optional()
      .describe('Memory that one instance needs, as in 2GB or 512MiB.'),
    gpus: z
      .int()
      .min(0)
      .optional()
      .describe('Graphics processors: of several machines, only one that has them runs it.'),
  })
  .describe('What one instance needs; the runner starts no more at once than the machine has.');

export const stageShape = z
  .strictObject({
    description: z.string().optional().describe('What the stage is for.'),
    uses: z.string().min(1).optional().describe('The kind: its folder below stages/, as in features/mfcc.'),
    run: z
      .string()
      .min(1)
      .optional()
      .describe(
        'A shell command as the stage, in place of a kind; its params come as JSON in the environment.',
      ),
    shell: z
      .union([z.string().min(1), z.array(z.string()).min(1)])
      .optional()
      .describe(
        'What runs the command in place of sh, as in bash, or with its options: bash -euo pipefail -c.',
      ),
    deps: z
      .array(z.string().min(1))
      .optional()
      .describe('Files and folders that the command reads, and patterns of them, as in data/*.csv.'),
    outs: z.array(z.string()).optional().describe('Files and folders that the command makes.'),
    in: z
      .record(z.string(), z.union([z.string(), z.array(z.string())]))
      .optional()
      .describe(
        'The inputs by name: a stage, an instance as in audio[48000], all of them as in train[*], or a list.',
      ),
    env: z
      .array(z.string())
      .optional()
      .describe('Variables of the environment that it depends on, by name: it runs again for other values.'),
    with: z.record(z.string(), z.unknown()).optional().describe('The params of the kind.'),
    matrix: z
      .record(z.string(), z.array(matrixValue).min(1))
      .optional()
      .describe('One instance for each combination of these values; ${name} stands for a value.'),
    exclude: z.array(combination).optional().describe('Combinations of the matrix to leave out.'),
    include: z.array(combination).optional().describe('Combinations to add to those of the matrix.'),
    when: z.string().optional().describe('A param of the stage: while it is null, the stage is left out.'),
    resources: resources.optional(),
    timeout: z
      .union([z.string(), z.number()])
      .refine((text) => parseDuration(text) !== undefined, 'must be a duration as in 30m or 1h30m')
      .optional()
      .describe('How long one attempt may take, as in 30m.'),
    retries: z.int().min(0).max(100).optional().describe('How often to try again after a failure.'),
    rowErrors: z
      .enum(['fail', 'skip'])
      .optional()
      .describe('Whether a row that fails fails the stage, or is left out and listed.'),
  })
  .describe('A stage: a kind or a command with its params and inputs.');

export type StageShape = z.infer<typeof stageShape>;

const cache = z.string().superRefine((text, context) => {
  const address = text === noCache ? undefined : parseCacheAddress(text);
  if (address !== undefined && 'problem' in address) {
    context.addIssue({ code: 'custom', message: address.problem });
  }
});

export const profileShape = z
  .object({
    description: z.string().optional(),
    extends: z.string().optional().describe('The profile whose overrides come before these.'),
    cache: cache.optional(),
    stages: z
      .record(z.string(), z.record(z.string(), z.unknown()).nullable())
      .optional()
      .describe('Parts of stages, merged over those of the file; null removes.'),
  })
  .catchall(z.unknown())
  .describe('A named set of overrides: stage.param: value, and parts of stages.');

export const fileShape = z
  .object({
    stages: z.record(z.string(), z.unknown()).describe('The stages by name.'),
    profiles: z.record(z.string(), z.unknown()).optional().describe('Named sets of overrides.'),
    cache: cache
      .optional()
      .describe('A cache shared between machines: s3://bucket/prefix, or a folder that all of them mount.'),
  })
  .catchall(z.unknown());

export const stageKeys: readonly string[] = Object.keys(stageShape.shape);
export const fileKeys: readonly string[] = Object.keys(fileShape.shape);
export const profileKeys: readonly string[] = Object.keys(profileShape.shape);
