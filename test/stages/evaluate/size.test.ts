import { expect, it } from '@jest/globals';
import type { InputArtifact, Row } from '../../../runner/kind/index.ts';
import { drawAll } from '../../../stages/evaluate/charts/index.ts';
import { evaluate } from '../../../stages/evaluate/evaluation/evaluate.ts';
import { page } from '../../../stages/evaluate/html/page.ts';
import { params } from '../../../stages/evaluate/index.ts';
import { readSplit } from '../../../stages/evaluate/inputs/split.ts';
import { readTraining } from '../../../stages/evaluate/inputs/training.ts';
import publisher from '../../../stages/evaluate/publish.ts';
import { viewRecordings } from '../../../stages/evaluate/recordings/view.ts';
import { corpus, likeARun, stream } from './corpus.ts';
import { memoryArtifact } from './memory.ts';
import { provenance } from './provenance.ts';

const largest = 15e6;
const seconds = 4;
const sampleRate = 48_000;

/** Noise, of which neither a sound nor a picture can be made smaller. */
function noise(): Float32Array {
  const next = stream(3);
  return Float32Array.from({ length: seconds * sampleRate }, () => next() - 0.5);
}

/** Recordings of the length of RAVDESS's, all of the same noise. */
function recordings(stage: string, ids: readonly string[]): InputArtifact {
  const samples = noise();
  const cells = { samples, sampleRate, duration: seconds, trimStart: 0, trimEnd: samples.length };
  const columns = {
    samples: { type: 'sequence', shape: [] },
    sampleRate: { type: 'int32' },
    duration: { type: 'float64' },
    trimStart: { type: 'int32' },
    trimEnd: { type: 'int32' },
  } as const;
  return memoryArtifact(stage, {
    tables: { table: { columns, rows: ids.map((id): Row => ({ id, cells })) } },
  });
}

it('the report of a run over all of RAVDESS stays below 15 MB', async () => {
  const ids = corpus(24, 5).map(({ id }) => id);
  const run = likeARun(24, 5);
  const split = await readSplit(run.split);
  const trainings = await Promise.all(run.models.map((model) => readTraining(model, split)));
  // The intervals take time and no room.
  const given = params.parse({ resamples: 0 });
  const evaluation = evaluate(split, trainings, given);
  const views = await viewRecordings(
    evaluation,
    { clips: recordings('ingest', ids), audio: recordings('audio[48000]', ids) },
    given.embeddedMegabytes * 1e6,
  );
  const html = page(evaluation, await drawAll(evaluation), views);
  const shown = publisher.complete('report.html', html, provenance);
  expect(evaluation.dataset.files).toBe(720);
  expect(shown.match(/<audio /g)!.length).toBeGreaterThan(8);
  expect(Buffer.byteLength(shown)).toBeLessThan(largest);
});
