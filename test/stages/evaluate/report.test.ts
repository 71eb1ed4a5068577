import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { splitArtifact, sure, trainingArtifact, type Clip } from './artifacts.ts';
import { corpus, likeARun } from './corpus.ts';
import { report, type Report } from './rig.ts';
import { memoryArtifact } from './memory.ts';
import { audioArtifact, clipsArtifact, tone } from './sounds.ts';

const reports: Report[] = [];
async function made(...args: Parameters<typeof report>): Promise<Report> {
  const result = await report(...args);
  reports.push(result);
  return result;
}
afterAll(async () => {
  for (const each of reports) await each.remove();
});

describe('the report of a run', () => {
  let single: Report;
  let folded: Report;
  beforeAll(async () => {
    single = await made(likeARun(8, 1), {
      notes: ['No encoder was configured.'],
      published: [{ model: 'cnn-lstm', source: 'a study', testAccuracy: 0.6389, macroF1: 0.64 }],
    });
    folded = await made(likeARun(8, 4));
  });

  it('has a section for every model, in the order of their test accuracy', () => {
    const ids = [...single.html.matchAll(/<section[^>]* id="model-([^"]+)"/g)].map(([, id]) => id);
    const accuracies = new Map(
      single.metrics.results.map((result) => [`${result.model}-${result.features}`, result.testAccuracy]),
    );
    expect(ids).toHaveLength(4);
    expect(ids).toEqual(ids.toSorted((a, b) => accuracies.get(b)! - accuracies.get(a)!));
  });

  it('keeps the order of its inputs in metrics.json', () => {
    expect(single.metrics.results.map((result) => result.model)).toEqual([
      'lstm',
      'cnn',
      'cnn-lstm',
      'random-forest',
    ]);
  });

  it.each(['html', 'markdown'] as const)(
    'shows layers, totals, protocol, notes and published figures in %s',
    (form) => {
      const text = single[form];
      for (const shown of [
        'BatchNormalization',
        '34,056',
        '33,928',
        'No encoder was configured.',
        'The encoder’s weights are random',
        'a study',
        '63.9%',
        'weighted average',
        'Are the differences more than chance?',
      ]) {
        expect(text).toContain(shown);
      }
    },
  );

  it('gives a model without epochs no curves and says so', () => {
    expect(
      single.figures.filter((file) => file.startsWith('random-forest') && file.includes('loss')),
    ).toEqual([]);
    expect(single.html).toContain('not trained in epochs');
    expect(single.markdown).toContain('not trained in epochs');
    expect(single.figures).toContain('cnn-mfcc-loss.svg');
  });

  it('shows the spread only where there are folds', () => {
    expect(folded.html).toContain('test ± SD of folds');
    expect(folded.markdown).toContain('test ± SD of folds');
    expect(single.html).not.toContain('±');
    expect(folded.metrics.results[0].perFold).toHaveLength(4);
    expect(folded.metrics.results[0].testAccuracyStd).toBeGreaterThan(0);
  });

  it('refers to no file but figures that exist, and to no network', () => {
    expect(single.html).not.toMatch(/(?:src|href)="(?!#|data:)/);
    expect(single.html).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
    const pictured = [...single.markdown.matchAll(/src="figures\/([^"]+)"/g)].map(([, file]) => file);
    expect(pictured.length).toBeGreaterThan(15);
    expect(single.figures).toEqual(expect.arrayContaining(pictured));
  });

  it('has unique ids, and every link within the page leads somewhere', () => {
    const ids = [...single.html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of single.html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
  });

  it('draws figures that stand alone, with readable text, without installed fonts', async () => {
    expect(single.figures.filter((file) => file.endsWith('.svg'))).toHaveLength(
      single.figures.filter((file) => file.endsWith('.png')).length,
    );
    const svg = await readFile(path.join(single.folder, 'figures', 'class-balance.svg'), 'utf8');
    expect(svg).not.toContain('var(');
    expect(svg).toContain('neutral');
    const png = PNG.sync.read(await readFile(path.join(single.folder, 'figures', 'class-balance.png')));
    // The title stands in the top left corner; where no font is found nothing is drawn there.
    const dark = countDark(png, { left: 16, top: 8, width: 240, height: 36 });
    expect(dark).toBeGreaterThan(300);
  });

  it('is the same to the byte when made again', async () => {
    const again = await made(likeARun(8, 4));
    expect(again.html).toBe(folded.html);
    expect(again.markdown).toBe(folded.markdown);
    expect(again.metrics).toEqual(folded.metrics);
    for (const file of folded.figures) {
      const [first, second] = await Promise.all(
        [folded, again].map((each) => readFile(path.join(each.folder, 'figures', file))),
      );
      expect(first.equals(second)).toBe(true);
    }
  });
});

describe('a report with recordings', () => {
  const ids = corpus(3, 1).map((clip) => clip.id);
  const { split, models } = likeARun(3, 1);
  const one = { split, models: models.slice(0, 1) };
  const recordings = { clips: clipsArtifact(ids), audio: audioArtifact(ids) };

  it('shows and plays one clip of each emotion and the mistakes, and draws them as figures', async () => {
    const { html, markdown, figures } = await made({ ...one, ...recordings }, { mistakes: 3 });
    expect(html.match(/<audio /g)).toHaveLength(2 * (8 + 3));
    expect(html).toContain('data:audio/wav;base64,');
    expect(html).not.toContain('players were left out');
    expect(markdown).toContain('figures/durations.png');
    expect(markdown).toContain('figures/example-8.png');
    expect(figures).toEqual(expect.arrayContaining(['durations.svg', 'example-1.png', 'mistake-3.png']));
  });

  it('leaves players out, and says so, where they would make the page too large', async () => {
    const { html } = await made({ ...one, ...recordings }, { embeddedMegabytes: 0.1 });
    const bytes = [...html.matchAll(/data:audio\/wav;base64,([^"]+)/g)].reduce(
      (sum, [, text]) => sum + text.length,
      0,
    );
    expect(bytes).toBeGreaterThan(10_000);
    expect(bytes).toBeLessThanOrEqual(100_000);
    expect(html).toContain('Some players were left out');
    expect(html.match(/<image /g)!.length).toBeGreaterThan(16);
  });

  it('writes all figures where a recording cannot be drawn, and names it in a caution', async () => {
    const broken = ids.map((id) => ({
      id,
      cells: { ...tone(300, 0.5, 48_000), sampleRate: 0, duration: 0.5 },
    }));
    const columns = {
      samples: { type: 'sequence', shape: [] },
      sampleRate: { type: 'int32' },
      duration: { type: 'float64' },
    } as const;
    const clips = memoryArtifact('ingest', { tables: { table: { columns, rows: broken } } });
    const { metrics, html, markdown, figures } = await made({ ...one, clips }, { mistakes: 1 });
    const sound = await made(one, { mistakes: 1 });
    expect(metrics).toEqual(sound.metrics);
    expect(html).toContain('Most confident mistakes');
    expect(figures).not.toContain('example-1.png');
    expect(markdown).toMatch(
      /\*\*Caution\.\*\* There is no picture of the recording Actor\\_\d+\/\S+\.wav: .+\./,
    );
  });

  it('does without them', async () => {
    const { html, figures } = await made(one);
    expect(html).not.toContain('<audio');
    expect(html).toContain('Most confident mistakes');
    expect(figures).not.toContain('durations.svg');
  });
});

describe('a report on hostile names', () => {
  const hostile = '"><script>alert(1)</script>|`*&';
  let result: Report;
  beforeAll(async () => {
    const emotions = [`angry${hostile}`, 'calm'];
    const clips = [0, 1, 2, 3].map((index): Clip => ({
      id: `${hostile}${index}.wav`,
      emotion: emotions[index % 2],
      speaker: `s${hostile}`,
      roles: [index < 2 ? 'train' : 'test'],
    }));
    const model = trainingArtifact(`train[${hostile}]`, clips, () => sure(emotions, 'calm', 0.9), {
      emotions,
      model: `m${hostile}`,
      features: `f${hostile}`,
      layers: [{ name: hostile, type: hostile, outputShape: [1], parameters: 1 }],
      hyperparameters: { [hostile]: hostile },
      notes: [hostile],
    });
    const split = splitArtifact(clips, { emotions, notes: [hostile], foldNames: [hostile] });
    result = await made({ split, models: [model] }, { title: hostile, notes: [hostile] });
  });

  it('shows them as text', () => {
    expect(result.html.match(/<script>/g)).toHaveLength(1);
    expect(result.html).not.toContain('<script>alert');
    expect(result.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(result.markdown).not.toContain('<script>');
  });

  it('names files and anchors without them', () => {
    for (const file of result.figures) expect(file).toMatch(/^[a-z0-9.-]+$/);
    expect(result.html).toMatch(/id="model-m-script-alert-1-script[a-z0-9-]*"/);
  });

  it('keeps every Markdown table whole', () => {
    const rows = result.markdown.split('\n').filter((line) => line.startsWith('|'));
    for (const row of rows) expect(row.replaceAll(/\\\|/g, '').match(/\|/g)!.length).toBeGreaterThan(3);
    expect(rows.some((row) => row.includes('\\|'))).toBe(true);
  });
});

function countDark(png: PNG, area: { left: number; top: number; width: number; height: number }): number {
  let dark = 0;
  for (let y = area.top; y < area.top + area.height; y++) {
    for (let x = area.left; x < area.left + area.width; x++) {
      const offset = (y * png.width + x) * 4;
      if (png.data[offset] + png.data[offset + 1] + png.data[offset + 2] < 300) dark++;
    }
  }
  return dark;
}
