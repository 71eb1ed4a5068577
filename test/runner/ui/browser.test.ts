import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { Project } from '../../support/rig.ts';
import { RunningUi, tonesProject } from './tones-project.ts';

const executablePath = '/usr/bin/chromium';
const there = existsSync(executablePath);
if (!there) console.warn(`The page is not tested in a browser: there is no ${executablePath}.`);

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

(there ? describe : describe.skip)('the page of pipeline ui in a browser', () => {
  let project: Project;
  let ui: RunningUi;
  let browser: Browser;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    project = await Project.create(tonesProject);
    ui = await RunningUi.start(project);
    browser = await chromium.launch({
      executablePath,
      args: ['--no-sandbox', '--autoplay-policy=no-user-gesture-required'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await ui.end();
    await project.remove();
  });

  async function opened(hash = '', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    page.setDefaultTimeout(60_000);
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(ui.address + hash);
    return page;
  }

  const stage = (page: Page, name: string) => page.locator('.stages > li', { hasText: name }).first();
  const stateOf = (page: Page, name: string): Promise<string | null> =>
    stage(page, name).getAttribute('data-state');

  /** Every view, by the address behind the page's own, once the pipeline has run. */
  async function views(): Promise<Readonly<Record<string, string>>> {
    const artifacts = await ui.get<{ stage: string; key: string }[]>('api/artifacts');
    const { runs } = await ui.get<{ runs: { id: string }[] }>('api/runs');
    const key = artifacts.find((artifact) => artifact.stage === 'tones')!.key;
    const summary = artifacts.find((artifact) => artifact.stage === 'summary')!.key;
    return {
      pipeline: '#/',
      stage: '#/stages/summary',
      runs: '#/runs',
      run: `#/runs/${runs[0].id}`,
      compare: `#/compare/${runs[1].id}/${runs[0].id}`,
      artifacts: '#/artifacts',
      table: `#/artifacts/${key}/table.arrow`,
      row: `#/artifacts/${key}/table.arrow/3`,
      text: `#/artifacts/${summary}/metrics.json`,
      wrong: `#/artifacts/${'0'.repeat(64)}`,
    };
  }

  const settled = async (page: Page): Promise<void> => {
    await page.locator('h1', { hasNotText: 'Looking at the pipeline' }).first().waitFor();
    await page.locator('main [aria-busy]').first().waitFor({ state: 'detached' });
  };

  /** Goes on to another view of an open page, as a link does. */
  async function visit(page: Page, hash: string): Promise<void> {
    await page.evaluate(`new Promise((resolve) => {
      if (location.hash === ${JSON.stringify(hash)}) return resolve();
      addEventListener('hashchange', () => setTimeout(resolve), { once: true });
      location.hash = ${JSON.stringify(hash)};
    })`);
    await settled(page);
  }

  it('runs the pipeline from the page and shows each state as it comes', async () => {
    await project.write('hold', '');
    await project.write('hold-summary', '');
    const page = await opened();
    await page.getByRole('heading', { name: '3 of 3 stages are not up to date' }).waitFor();
    expect(await stateOf(page, 'tones')).toBe('stale');
    expect(await stage(page, 'levels').locator('.why').textContent()).toBe('never ran; waits for tones');

    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.stages > li[data-state="running"]', { hasText: 'tones' }).waitFor();
    await page.getByRole('heading', { name: 'Running' }).waitFor();
    expect(await stateOf(page, 'levels')).toBe('waiting');
    expect(await page.locator('.dag a[data-state="running"]').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);

    await project.delete('hold');
    await page.locator('.stages > li[data-state="running"]', { hasText: 'summary' }).waitFor();
    await page.locator('.dag').getByRole('link', { name: 'summary summary: running' }).click();
    const panel = page.getByRole('region', { name: 'The stage' });
    await panel.getByText('running · 1 of 4 steps · loss 0.25').waitFor();
    await panel.getByText('a word of the summary').waitFor();

    await project.delete('hold-summary');
    await page.getByRole('heading', { name: 'Everything is up to date' }).waitFor();
    expect(await stateOf(page, 'summary')).toBe('done');
    expect(await page.getByRole('status').textContent()).toBe('The run is done.');

    // Another run, of a terminal, with another param.
    await project.run('--set', 'summary.title=Sounds');
    await page
      .locator('.stages > li', { hasText: 'summary' })
      .locator('.why')
      .getByText('params.title')
      .waitFor();
    await page.close();
  });

  it('shows each view without a complaint of the browser and asks nobody else for anything', async () => {
    complaints.length = 0;
    requests.length = 0;
    for (const [name, hash] of Object.entries(await views())) {
      const page = await opened(hash);
      await settled(page);
      expect([name, await page.locator('h1').count()]).toEqual([name, 1]);
      await page.close();
    }
    // The browser itself notes the answer to the one address that is wrong.
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
    expect(requests.filter((url) => !url.startsWith(ui.address) && !url.startsWith('data:'))).toEqual([]);
  });

  it.each(['light', 'dark'] as const)(
    'has no accessibility violation in the %s theme',
    async (colorScheme) => {
      const axe = await readFile(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
      const found: string[] = [];
      // The policy of the page would not let the test's own script in.
      const page = await opened('', { colorScheme, bypassCSP: true });
      await page.addScriptTag({ content: axe });
      for (const [name, hash] of Object.entries(await views())) {
        await visit(page, hash);
        const violations = await page.evaluate<Violation[]>('axe.run().then((result) => result.violations)');
        found.push(
          ...violations.map(
            ({ id, nodes }) => `${name}: ${id}: ${nodes[0].html} ${nodes[0].failureSummary ?? ''}`,
          ),
        );
      }
      await page.close();
      expect(found).toEqual([]);
    },
  );

  it.each([320, 375, 768])('does not scroll sideways at a width of %d', async (width) => {
    const page = await opened('', { viewport: { width, height: 800 } });
    for (const [name, hash] of Object.entries(await views())) {
      await visit(page, hash);
      const scrollWidth = await page.evaluate('document.documentElement.scrollWidth');
      expect([name, scrollWidth]).toEqual([name, width]);
    }
    await page.close();
  });

  it('takes its colours from the theme of the reader, those of the report', async () => {
    const grounds = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await opened('', { colorScheme });
      grounds.push(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      await page.close();
    }
    expect(grounds).toEqual(['rgb(250, 249, 247)', 'rgb(19, 21, 25)']);
  });

  it('leads from the artifacts to a row with a curve, a heat map, a picture and a player that plays', async () => {
    const page = await opened('#/artifacts');
    await page.getByRole('link', { name: 'tones' }).click();
    await page.getByText('30 rows, 5 columns').waitFor();
    expect(await page.locator('.rows tbody tr').count()).toBe(20);
    expect(await page.getByRole('img', { name: /curve of 16,000 numbers/ }).count()).toBe(20);
    // What a stage wrote is text, whatever it looks like.
    expect(await page.locator('.text-cell').first().textContent()).toBe('<b>tone</b> & 220');
    await page.getByRole('link', { name: 'On', exact: true }).click();
    await page.getByRole('link', { name: 'tone-29.txt' }).waitFor();
    expect(await page.locator('.rows tbody tr').count()).toBe(10);
    await page.getByLabel('Find rows').fill('tone-07');
    await page.getByText('1 rows found').waitFor();
    await page.getByRole('link', { name: 'tone-07.txt' }).click();
    await page.getByRole('heading', { name: 'tone-07.txt' }).waitFor();

    const map = page.getByRole('img', { name: /heat map of 6 by 10 numbers/ });
    await map.scrollIntoViewIfNeeded();
    const colours = await map.evaluate((element) => {
      const canvas = element as unknown as {
        width: number;
        height: number;
        getContext(kind: '2d'): {
          getImageData(x: number, y: number, w: number, h: number): { data: ArrayLike<number> };
        };
      };
      const at = (x: number, y: number): number[] =>
        Array.from(canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data);
      return [at(0.02, 0.05), at(0.98, 0.95)];
    });
    // Its greatest number is yellow, its least dark.
    expect(colours).toEqual([
      [253, 231, 37, 255],
      [68, 1, 84, 255],
    ]);
    await map.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await page.getByText('row 1, column 1: −11').waitFor();

    await page.waitForFunction(`document.querySelector('.paper img').naturalWidth === 8`);
    const reached = await page.evaluate<number>(`(async () => {
      const audio = document.querySelector('audio');
      await audio.play();
      await new Promise((resolve) => audio.addEventListener('timeupdate', () => { if (audio.currentTime > 0.2) resolve(); }));
      return audio.currentTime;
    })()`);
    expect(reached).toBeGreaterThan(0.2);
    expect(await page.locator('.playhead').first().isVisible()).toBe(true);
    await page.close();
  });

  it('compares two runs that are ticked', async () => {
    const page = await opened('#/runs');
    const compare = page.getByRole('button', { name: 'Compare two runs' });
    await compare.waitFor();
    expect(await compare.isDisabled()).toBe(true);
    await page.getByRole('checkbox').nth(0).check();
    await page.getByRole('checkbox').nth(1).check();
    await compare.click();
    await page.getByRole('heading', { name: 'What changed' }).waitFor();
    await page.getByText('params.title "Tones" → "Sounds"').waitFor();
    await page.close();
  });

  it('can be walked with the keyboard: the skip link, the views, the DAG, its stages', async () => {
    const page = await opened('', { viewport: { width: 375, height: 800 } });
    await settled(page);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    const reached: string[] = [];
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate<string>(
          `document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent`,
        ),
      );
    }
    const order = ['Pipeline', 'Runs', 'Artifacts', 'Run', 'The DAG'];
    expect(reached.filter((label) => order.includes(label))).toEqual(order);
    expect(reached.some((label) => label.startsWith('summary summary: '))).toBe(true);
    await page.locator('.stages a', { hasText: 'levels' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'levels' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('levels');
    await page.getByRole('link', { name: 'Close' }).press('Enter');
    await page.getByRole('heading', { name: 'levels' }).waitFor({ state: 'hidden' });
    expect(await page.evaluate('document.activeElement.textContent')).toContain('levels');
    await page.close();
  });

  it('tells what is wrong with an edit, and is mended by the next', async () => {
    const page = await opened();
    await settled(page);
    await project.edit('pipeline.yaml', 'uses: levels', 'uses: level');
    await page.getByRole('heading', { name: 'The pipeline cannot be read' }).waitFor();
    await page.getByText('unknown kind level').waitFor();
    expect(await page.getByRole('button', { name: 'Run', exact: true }).isDisabled()).toBe(true);
    await project.edit('pipeline.yaml', 'uses: level', 'uses: levels');
    await page.getByRole('heading', { name: /up to date/ }).waitFor();
    expect(await page.locator('.problems').count()).toBe(0);
    await page.close();
  });

  it('says when the server has ended', async () => {
    const other = await RunningUi.start(project);
    const page = await browser.newPage();
    await page.goto(other.address);
    await settled(page);
    await other.end();
    await page.getByRole('alert').getByText('The connection is lost').waitFor();
    await page.close();
  });
});
