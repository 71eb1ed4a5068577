import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { dagSvg } from '../../../runner/graph/index.ts';
import publisher from '../../../stages/evaluate/publish.ts';
import { pipelineOf } from '../../runner/graph/pipelines.ts';
import { corpus, likeARun } from './corpus.ts';
import { provenance } from './provenance.ts';
import { report, type Report } from './rig.ts';
import { audioArtifact, clipsArtifact } from './sounds.ts';

const executablePath = '/usr/bin/chromium';
const there = existsSync(executablePath);
if (!there) console.warn(`The report is not tested in a browser: there is no ${executablePath}.`);

/** The page as a run shows it. */
async function shownPage(html: string): Promise<string> {
  const names = provenance.stages.map(({ stage }) => stage);
  const pipeline = pipelineOf(names.map((name, index) => [name, index === 0 ? [] : [names[index - 1]]]));
  const states = new Map(
    pipeline.instances.map(({ name }, index) => [name, index === 0 ? 'cached' : 'ran'] as const),
  );
  const svg = await dagSvg(pipeline, states);
  return publisher.complete('report.html', html, { ...provenance, dag: { ...provenance.dag, svg } });
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

(there ? describe : describe.skip)('report.html in a browser', () => {
  let browser: Browser;
  let result: Report;
  let address: string;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    const ids = corpus(8, 4).map((clip) => clip.id);
    const recordings = { clips: clipsArtifact(ids), audio: audioArtifact(ids) };
    result = await report({ ...likeARun(8, 4), ...recordings }, { notes: ['A remark.'] });
    const file = path.join(result.folder, 'report.html');
    await writeFile(file, await shownPage(result.html));
    address = pathToFileURL(file).href;
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await result.remove();
  });

  async function opened(options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return page;
  }

  it('opens from disk without a complaint and without the network', async () => {
    complaints.length = 0;
    requests.length = 0;
    const page = await opened();
    expect(await page.locator('h1').textContent()).toContain('Speech emotion recognition');
    await page.close();
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([address]);
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility violation in the %s theme',
    async (colorScheme) => {
      const page = await opened({ colorScheme });
      // Hidden parts are checked as well.
      await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`);
      await page.addScriptTag({
        content: await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8'),
      });
      const violations = await page.evaluate<Violation[]>('axe.run().then((found) => found.violations)');
      await page.close();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary ?? ''}`),
      ).toEqual([]);
    },
  );

  it('shows how it was made, with a picture of the DAG that fits', async () => {
    const page = await opened();
    const text = await page.locator('#how').innerText();
    expect(text).toContain('1 was cached');
    expect(text).toContain('@tensorflow/tfjs-node');
    const box = (await page.locator('#how .pipeline-dag').boundingBox())!;
    const section = (await page.locator('#how').boundingBox())!;
    expect(box.width).toBeGreaterThan(200);
    expect(box.x + box.width).toBeLessThanOrEqual(section.x + section.width);
    expect(await page.locator('#how table tbody tr').count()).toBe(5);
    await page.close();
  });

  it('takes its colours from the theme of the reader', async () => {
    const grounds = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await opened({ colorScheme });
      grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      await page.close();
    }
    expect(grounds).toEqual(['rgb(250, 249, 247)', 'rgb(19, 21, 25)']);
  });

  // 1265 is what a scroll bar of a desktop leaves of 1280.
  it.each([320, 375, 768, 1265, 1280])('does not scroll sideways at a width of %d', async (width) => {
    const page = await opened({ viewport: { width, height: 800 } });
    const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
    // A report with longer names of settings would.
    const beyond = await page.evaluate(`[...document.querySelectorAll('dl.settings dd')]
      .filter((value) => value.getBoundingClientRect().right > value.parentElement.getBoundingClientRect().right + 0.5)
      .map((value) => value.textContent)`);
    await page.close();
    expect(scrollWidth).toBe(width);
    expect(beyond).toEqual([]);
  });

  it('shows what a mark has to say when the pointer comes near, and hides it when it leaves', async () => {
    // Where motion is not reduced the page scrolls smoothly, and a mark would still be on its way when it is pointed at.
    const page = await opened({ reducedMotion: 'reduce' });
    const mark = page.locator('#comparison figure [data-tip*="test accuracy"]').first();
    await mark.scrollIntoViewIfNeeded();
    const box = (await mark.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2 + 3, box.y + box.height / 2 + 3);
    // A browser with much to do hands the pointer's moves over at its next frame: the waits fail where none comes.
    const shown = page.locator('#tip.shown');
    await shown.waitFor();
    expect(await shown.textContent()).toMatch(/test accuracy \d+\.\d%/);
    await page.mouse.move(5, 5);
    await page.locator('#tip:not(.shown)').waitFor({ state: 'attached' });
    await page.close();
  });

  it('plays its recordings', async () => {
    const page = await opened();
    const before = await page.locator('audio').count();
    const played = await page.evaluate<number[]>(`(async () => {
      const reached = [];
      for (const audio of [...document.querySelectorAll('#data audio')].slice(0, 2)) {
        await audio.play();
        await new Promise((resolve) => audio.addEventListener('ended', resolve, { once: true }));
        reached.push(audio.currentTime);
      }
      return reached;
    })()`);
    await page.close();
    // Eight emotions and eight mistakes, each before and after preprocessing.
    expect(before).toBe(32);
    expect(played).toHaveLength(2);
    for (const time of played) expect(time).toBeGreaterThan(0.25);
  });

  it('can be walked with the keyboard: the skip link first, then every box that scrolls', async () => {
    const page = await opened({ viewport: { width: 375, height: 800 } });
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    const reached = new Set<string>();
    const wanted = /All models[^]*Classification report[^]*Confusion matrix/;
    for (let press = 0; press < 200 && !wanted.test([...reached].join('\n')); press++) {
      await page.keyboard.press('Tab');
      const label = await page.evaluate<string>(
        `document.activeElement.getAttribute('role') === 'region' ? document.activeElement.getAttribute('aria-label') : ''`,
      );
      if (label) reached.add(label);
    }
    await page.close();
    expect([...reached].join('\n')).toMatch(wanted);
  });

  it('prints on pages without losing what scrolls on a screen', async () => {
    // The width of A4 within its margins.
    const page = await opened({ viewport: { width: 718, height: 1000 } });
    await page.emulateMedia({ media: 'print' });
    const width = await page.evaluate('document.documentElement.scrollWidth');
    const hidden = await page.evaluate(`getComputedStyle(document.querySelector('nav')).display`);
    const overflow = await page.evaluate(`getComputedStyle(document.querySelector('.scroll')).overflowX`);
    const pdf = await page.pdf({ format: 'A4' });
    await page.close();
    expect(width).toBe(718);
    expect(hidden).toBe('none');
    expect(overflow).toBe('visible');
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  });
});
