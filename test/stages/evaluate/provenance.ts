import type { Provenance, StageFacts } from '../../../runner/kind/index.ts';

const earlier = { id: '20260301-140500-ab12', started: '2026-03-01T14:05:09.123Z', command: 'run' };

/** A stage that the run itself made; `more` says what is otherwise. */
function stageFacts(stage: string, more: Partial<StageFacts> = {}): StageFacts {
  return {
    stage,
    kind: stage.replace(/\[.*/, ''),
    key: 'a'.repeat(64),
    artifact: 'b'.repeat(64),
    code: 'c'.repeat(64),
    params: {},
    packages: {},
    inputs: {},
    measurements: {},
    cached: false,
    ...more,
  };
}

/** How a report of two trainings may have come to be: the split out of the cache, the rest made. */
export const provenance: Provenance = {
  run: {
    id: '20260302-090000-cd34',
    started: '2026-03-02T09:00:00.000Z',
    command: 'run --profile demo --set train.note=<b>',
    profile: 'demo',
    environment: { node: '22.1.0', platform: 'linux x64', processor: 'A processor', cpus: 2 },
  },
  stages: [
    stageFacts('split', {
      kind: 'train/split',
      cached: true,
      madeBy: {
        ...earlier,
        environment: { node: '20.19.0', platform: 'linux x64', processor: 'A processor', cpus: 2 },
      },
      wallMs: 1500,
      params: { kind: 'speaker', seed: 7 },
      packages: { zod: '4.1.0' },
    }),
    stageFacts('mfcc', { wallMs: 2500, rows: { total: 1440, computed: 40, reused: 1400 } }),
    stageFacts('train[cnn,mfcc]', {
      kind: 'train/cnn',
      params: { seed: 42, loss: { gamma: 2 }, reduceLearningRate: { minimalLearningRate: 1e-7 } },
      packages: { '@tensorflow/tfjs-node': '4.22.0+0123456789ab' },
      measurements: { fitSeconds: 75 },
      wallMs: 80_000,
    }),
    stageFacts('train[random-forest,wav2vec2]', { params: { seed: 42 }, wallMs: 1000 }),
    stageFacts('evaluate', { wallMs: 3000, inputs: { models: ['train[cnn,mfcc]'] } }),
  ],
  dag: { svg: '<svg class="pipeline-dag"><rect/></svg>', mermaid: 'flowchart LR\n  stage1["split"]' },
};
