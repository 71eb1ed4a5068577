import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import publisher from '../../../stages/evaluate/publish.ts';
import { metricsSchema } from '../../../stages/evaluate/metrics-file.ts';
import { likeARun } from './corpus.ts';
import { provenance } from './provenance.ts';
import { report, type Report } from './rig.ts';

describe('a report that is shown', () => {
  let plain: Report;
  let html: string;
  let markdown: string;
  beforeAll(async () => {
    plain = await report(likeARun(8, 1));
    html = publisher.complete('report.html', plain.html, provenance);
    markdown = publisher.complete('report.md', plain.markdown, provenance);
  });
  afterAll(() => plain.remove());

  /** The cells of the row that begins with `name`, of the first table that has one. */
  const markdownRow = (name: string): string[] =>
    markdown
      .split('\n')
      .find((line) => line.startsWith(`| ${name} |`))!
      .split(' | ')
      .map((cell) => cell.replaceAll(/[|\\]/g, '').trim());

  it('has no gap left', () => {
    for (const text of [html, markdown]) expect(text).not.toContain('<!--');
    for (const text of [plain.html, plain.markdown]) {
      expect(text).toContain('This is the report as the cache keeps it.');
    }
    for (const text of [html, markdown]) expect(text).not.toContain('as the cache keeps it');
  });

  it('says how long each model was fitted, where that was measured', () => {
    expect(html).toContain('fitted in 1 min 15 s');
    const cells = markdown.split('\n').filter((line) => /^\| (cnn|lstm) \| mfcc/.test(line));
    expect(cells.map((line) => line.includes('1 min 15 s')).toSorted()).toEqual([false, true]);
    const metrics = metricsSchema.parse(
      JSON.parse(publisher.complete('metrics.json', JSON.stringify(plain.metrics), provenance)),
    );
    expect(metrics.results.map(({ fitSeconds }) => fitSeconds)).toEqual([null, 75, null, null]);
    expect({ ...metrics, results: metrics.results.map((each) => ({ ...each, fitSeconds: null })) }).toEqual(
      plain.metrics,
    );
  });

  it('says which run shows it, and what was cached', () => {
    const said =
      'Shown by run 20260302-090000-cd34 of 2026-03-02 09:00 UTC, profile demo. Of 5 stages 4 ran, 1 were cached.';
    expect(html).toContain(said.replace('1 were', '1 was'));
    expect(markdown.replaceAll('\\', '')).toContain(said.replace('1 were', '1 was'));
    expect(html).toContain('pipeline run --profile demo --set train.note=&lt;b&gt;');
  });

  it('has the picture of the DAG', () => {
    expect(html).toContain('<svg class="pipeline-dag"><rect/></svg>');
    expect(markdown).toContain('```mermaid\nflowchart LR');
  });

  it('has a row for each stage: kind, whether it ran, how long it took, rows, and when it was made', () => {
    expect(markdownRow('mfcc')).toEqual([
      'mfcc',
      'mfcc',
      'ran',
      '2.50 s',
      '1,440, 1,400 of them reused',
      'by a run not on record here',
    ]);
    expect(markdown).toContain('| split | train/split | cached | 1.50 s | – | 2026-03-01 14:05 UTC |');
    expect(markdown).toContain('the stages took 1 min 28 s');
  });

  it('has the versions that the stages ran under, and their packages without digests', () => {
    expect(markdownRow('Node')[1]).toBe('22.1.0, 20.19.0');
    expect(markdownRow('@tensorflow/tfjs-node')[1]).toBe('4.22.0');
    expect(markdownRow('processor')[1]).toBe('A processor, 2 cores');
  });

  it('has the params and seeds of each stage', () => {
    expect(html).toContain('Seeds: 7 of split; 42 of train[cnn,mfcc] and train[random-forest,wav2vec2].');
    expect(markdown).toContain('| train\\[cnn,mfcc\\] | loss.gamma | 2 |');
  });
});
