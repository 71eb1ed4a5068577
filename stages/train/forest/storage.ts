import { z } from 'zod';
import { StageFailure, type InputArtifact, type Output } from '../../../runner/kind/index.ts';
import type { Forest } from './forest.ts';

const forestFile = z.object({
  classes: z.int().positive(),
  dimension: z.int().positive(),
  importances: z.array(z.number()),
});

/**
 * Writes `<name>.arrow`, one row a tree with its nodes as sequences (indices are exact as float32 up to 2²⁴), and
 * `<name>.json` with the rest.
 */
export async function saveForest(forest: Forest, output: Output, name: string): Promise<void> {
  const { classes, dimension, importances, trees } = forest;
  await output.json(`${name}.json`, { classes, dimension, importances: Array.from(importances) });
  const writer = await output.table(name, {
    feature: { type: 'sequence', shape: [] },
    threshold: { type: 'sequence', shape: [] },
    left: { type: 'sequence', shape: [] },
    distributions: { type: 'sequence', shape: [classes] },
  });
  for (const [index, { feature, threshold, left, distributions }] of trees.entries()) {
    await writer.write(`tree ${index}`, {
      feature: Float32Array.from(feature),
      threshold,
      left: Float32Array.from(left),
      distributions,
    });
  }
  await writer.close();
}

/** Reads what `saveForest` wrote. Throws StageFailure where the artifact has no forest of that name. */
export async function loadForest(artifact: InputArtifact, name: string): Promise<Forest> {
  if (!artifact.files.includes(`${name}.json`)) {
    throw new StageFailure(`there is no forest ${name}`, {
      place: artifact.stage,
      hint: 'name a stage whose kind is train/random-forest',
    });
  }
  const { classes, dimension, importances } = forestFile.parse(await artifact.json(`${name}.json`));
  const table = await artifact.table(name);
  const feature = table.sequence('feature');
  const threshold = table.sequence('threshold');
  const left = table.sequence('left');
  const distributions = table.sequence('distributions');
  return {
    classes,
    dimension,
    importances: Float64Array.from(importances),
    trees: table.ids.map((_, tree) => {
      const nodes = [feature.offsets[tree], feature.offsets[tree + 1]] as const;
      const leaves = [
        distributions.offsets[tree] * classes,
        distributions.offsets[tree + 1] * classes,
      ] as const;
      return {
        feature: Int32Array.from(feature.data.subarray(...nodes)),
        threshold: threshold.data.slice(...nodes),
        left: Int32Array.from(left.data.subarray(...nodes)),
        distributions: distributions.data.slice(...leaves),
      };
    }),
  };
}
