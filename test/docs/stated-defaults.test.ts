import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { z } from 'zod';
import { fewestUnits } from '../../stages/evaluate/evaluation/tested.ts';
import { params as evaluateParams } from '../../stages/evaluate/index.ts';
import { mfccParams } from '../../stages/features/mfcc/params.ts';
import { defaultCalibrationBins, drawnAssignments, mostForExactness } from '../../stages/metrics/index.ts';
import cnnLstm from '../../stages/train/cnn-lstm/index.ts';
import cnn from '../../stages/train/cnn/index.ts';
import { linearSvmParams } from '../../stages/train/linear-svm/params.ts';
import { logisticRegressionParams } from '../../stages/train/logistic-regression/params.ts';
import lstm from '../../stages/train/lstm/index.ts';
import { mlpParams } from '../../stages/train/mlp/params.ts';
import { randomForestParams } from '../../stages/train/random-forest/params.ts';
import { splitParams } from '../../stages/train/split/params.ts';

/** The rows of a page's tables of params: name and default as they are written. */
function defaultsIn(page: string): { readonly name: string; readonly written: string }[] {
  const rows: { name: string; written: string }[] = [];
  let within = false;
  for (const line of readFileSync(page, 'utf8').split('\n')) {
    if (!line.startsWith('|')) within = false;
    else if (/^\| param +\| default +\|/.test(line)) within = true;
    else if (within && !line.startsWith('| --')) {
      const [, name, written] = line.split('|').map((cell) => cell.trim());
      rows.push({ name: name.replaceAll('`', ''), written });
    }
  }
  return rows;
}

/** `0.01`, `` `focal` ``, `` `{patience: 10}` ``; `0.01, SVM 0.001` differs for that kind. */
function valueOf(written: string, kind: string): unknown {
  const [first, ...others] = /^[`[{]/.test(written) ? [written] : written.split(', ');
  const own = others.find((other) => other.startsWith(`${kind} `));
  return parse((own?.slice(kind.length + 1) ?? first).replaceAll('`', ''));
}

const lists: readonly [page: string, kinds: Readonly<Record<string, z.ZodType>>][] = [
  ['docs/training.md', { lstm: lstm.params, cnn: cnn.params, 'cnn-lstm': cnnLstm.params, mlp: mlpParams }],
  ['docs/forest.md', { forest: randomForestParams }],
  ['docs/accuracy.md', { regression: logisticRegressionParams, SVM: linearSvmParams }],
];

describe.each(lists)('the defaults that %s states', (page, kinds) => {
  const stated = defaultsIn(page);

  it('are those of the code', () => {
    expect(stated.length).toBeGreaterThan(4);
    const held = new Set<string>();
    for (const [kind, schema] of Object.entries(kinds)) {
      const defaults = schema.parse({}) as Record<string, unknown>;
      for (const { name, written } of stated) {
        if (!Object.hasOwn(defaults, name)) continue;
        held.add(name);
        expect({ kind, name, value: valueOf(written, kind) }).toEqual({ kind, name, value: defaults[name] });
      }
    }
    expect([...held].sort()).toEqual(stated.map(({ name }) => name).sort());
  });
});

/** Numbers in sentences, and where the code has them. */
const sentences: readonly [page: string, sentence: RegExp, value: number][] = [
  ['docs/protocols.md', /expected calibration error, (\d+) bins of equal width/, defaultCalibrationBins],
  ['docs/report.md', /\(Guo et al\. 2017\), in (\d+) bins by default/, defaultCalibrationBins],
  [
    'docs/report.md',
    /over speakers, then clips, ([\d,]+) resamples by default/,
    evaluateParams.parse({}).resamples,
  ],
  ['docs/protocols.md', /Up to (\d+) speakers all assignments of signs are counted/, mostForExactness],
  ['docs/protocols.md', /are counted, beyond ([\d,]+) are\s+drawn/, drawnAssignments],
  ['docs/protocols.md', /With fewer than (\d+) speakers nothing can be said/, fewestUnits],
  ['docs/features.md', /`coefficients` (\d+), `mels`/, mfccParams.parse({}).coefficients],
  ['docs/features.md', /`mels` (\d+), `mfccMels`/, mfccParams.parse({}).mels],
  ['docs/features.md', /`mfccMels` (\d+), `nFft`/, mfccParams.parse({}).mfccMels],
  ['docs/features.md', /`nFft` (\d+), `hopLength`/, mfccParams.parse({}).nFft],
  ['docs/features.md', /`hopLength` (\d+)\./, mfccParams.parse({}).hopLength],
  ['docs/protocols.md', /kind: speaker, folds: (\d+), seed: 42/, splitParams.parse({}).folds],
];

describe('the numbers in sentences', () => {
  it.each(sentences)('%s: %s', (page, sentence, value) => {
    const found = sentence.exec(readFileSync(page, 'utf8'));
    expect(Number(found?.[1].replaceAll(',', ''))).toBe(value);
  });

  it('name the calibration bins that an evaluation and a model card have without being asked', () => {
    expect(evaluateParams.parse({}).calibrationBins).toBe(defaultCalibrationBins);
  });

  it('name the test of differences that the report makes', () => {
    for (const page of ['docs/protocols.md', 'docs/report.md']) {
      expect(readFileSync(page, 'utf8')).toMatch(/sign flips over speakers/i);
    }
  });
});
