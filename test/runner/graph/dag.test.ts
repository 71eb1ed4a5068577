import { describe, expect, it } from '@jest/globals';
import type { InstanceState } from '../../../runner/graph/index.ts';
import { dagMermaid, dagSvg, dagText } from '../../../runner/graph/index.ts';
import { onBase, plan } from '../config/plan.ts';
import { pipelineOf } from './pipelines.ts';

const yaml = onBase`
  enc: {uses: features/encoder, in: {clips: "audio[16000]"}, when: model}
  train: {uses: "train/\${model}", matrix: {model: [cnn, lstm]}, in: {features: mfcc, split: split}}
  evaluate: {uses: evaluate, in: {models: "train[*]", split: split, baseline: "train[cnn]"}}
  copy: {run: "cp <in> \\"out\\" & # done", in: {report: evaluate}}
`;

const states = new Map<string, InstanceState>([
  ['ingest', 'cached'],
  ['audio[48000]', 'cached'],
  ['mfcc', 'stale'],
  ['train[cnn]', 'unknown'],
]);

describe('the DAG', () => {
  it('as text', async () => {
    expect(dagText(await plan(yaml), states)).toBe(
      [
        '● ingest        ingest',
        '● audio[48000]  preprocess              ← ingest',
        '? audio[16000]  preprocess              ← ingest',
        '○ mfcc          features/mfcc           ← audio[48000]',
        '? split         train/split             ← ingest',
        '? train[cnn]    train/cnn               ← mfcc, split',
        '? train[lstm]   train/lstm              ← mfcc, split',
        '? evaluate      evaluate                ← train[*], split',
        '? copy          cp <in> "out" & # done  ← evaluate',
        '- enc           left out: param model is null',
        '',
        '● cached   ○ stale   ? unknown   - left out',
      ].join('\n'),
    );
  });

  it('as Mermaid', async () => {
    const lines = dagMermaid(await plan(yaml), states).split('\n');
    expect(lines[0]).toBe('flowchart LR');
    expect(lines).toContain('  stage2["● audio[48000]<br><small>preprocess</small>"]:::cached');
    expect(lines).toContain('  stage4["○ mfcc<br><small>features/mfcc</small>"]:::stale');
    expect(lines).toContain(
      '  stage9["? copy<br><small>cp #lt;in#gt; #quot;out#quot; & #35; done</small>"]:::unknown',
    );
    expect(lines.filter((line) => line.includes('-->'))).toEqual([
      '  stage1 --> stage2',
      '  stage1 --> stage3',
      '  stage2 --> stage4',
      '  stage1 --> stage5',
      '  stage4 --> stage6',
      '  stage5 --> stage6',
      '  stage4 --> stage7',
      '  stage5 --> stage7',
      '  stage6 --> stage8',
      '  stage7 --> stage8',
      '  stage5 --> stage8',
      '  stage8 --> stage9',
    ]);
  });

  it('as SVG, with a box for each instance and no text outside the picture', async () => {
    const pipeline = await plan(yaml);
    const svg = await dagSvg(pipeline, states);
    const [, top, width, height] = /viewBox="0 (\S+) (\S+) (\S+)"/.exec(svg)!.map(Number);
    const boxes = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g)].map((box) =>
      box.slice(1).map(Number),
    );
    expect(boxes).toHaveLength(pipeline.instances.length);
    for (const [x, y, boxWidth, boxHeight] of boxes) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(top);
      expect(x + boxWidth).toBeLessThanOrEqual(width);
      expect(y + boxHeight).toBeLessThanOrEqual(top + height);
    }
    expect(svg.match(/class="edge"/g)).toHaveLength(12);
    expect(svg).toContain('<g class="stale"><title>mfcc: features/mfcc, stale</title>');
    expect(svg).toContain('cp &lt;in&gt; &quot;out&quot; &amp; # done');
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
  });

  it('puts no two boxes on one another, and every edge from left to right', async () => {
    const pipeline = pipelineOf([
      ['a', []],
      ['b', ['a']],
      ['c', ['a', 'b']],
      ['d', ['a', 'c', 'b']],
      ['e', ['a']],
      ['f', ['e', 'd']],
    ]);
    const svg = await dagSvg(pipeline, new Map());
    const boxes = [...svg.matchAll(/<rect x="(\S+)" y="(\S+)" width="(\S+)" height="(\S+)"/g)].map((box) =>
      box.slice(1).map(Number),
    );
    boxes.forEach(([x, y, width, height], i) => {
      boxes.slice(i + 1).forEach(([otherX, otherY, otherWidth, otherHeight]) => {
        const apart =
          x + width <= otherX ||
          otherX + otherWidth <= x ||
          y + height <= otherY ||
          otherY + otherHeight <= y;
        expect(apart).toBe(true);
      });
    });
    for (const [, path] of svg.matchAll(/class="edge" d="([^"]+)"/g)) {
      const xs = [...path.matchAll(/(-?[\d.]+),/g)].map(([, x]) => Number(x));
      expect(xs).toEqual(xs.toSorted((a, b) => a - b));
    }
  });

  it('of nothing is a picture all the same', async () => {
    const empty = pipelineOf([]);
    expect(dagText(empty, new Map())).toBe('\n● cached   ○ stale   ? unknown');
    expect(await dagSvg(empty, new Map())).toMatch(/^<svg [^]*<\/svg>$/);
  });
});
