import { describe, expect, it } from '@jest/globals';
import { type Plan, planText } from '../../../../runner/execute/distributed/plan.ts';
import { sha256 } from '../../../../runner/fingerprint/hash.ts';

const plan: Plan = {
  format: 1,
  stages: [
    {
      name: 'train',
      stage: 'train',
      values: [],
      inputs: { split: ['split'], features: ['mfcc'] },
      resources: { cpus: 1 },
      retries: 0,
      rowErrors: 'fail',
      kind: 'train',
      params: { network: 'cnn', epochs: 30, batchSize: 32, augment: { shift: 1, noise: 2 } },
      parts: { kind: 'train' },
      files: {},
    },
  ],
  given: { split: { key: 'a', artifact: 'b' } },
  keepGoing: false,
  shards: { seconds: 30, atMost: 10 },
};

describe('a plan', () => {
  it('brings params to workers in the order in which the client has them, which artifacts show', () => {
    const [stage] = (JSON.parse(planText(plan).text) as Plan).stages;
    expect(JSON.stringify(stage.params)).toBe(
      '{"network":"cnn","epochs":30,"batchSize":32,"augment":{"shift":1,"noise":2}}',
    );
    expect(Object.keys(stage.inputs)).toEqual(['split', 'features']);
  });

  it('is named by the digest of its text', () => {
    const { text, digest } = planText(plan);
    expect(digest).toBe(sha256(text));
  });
});
