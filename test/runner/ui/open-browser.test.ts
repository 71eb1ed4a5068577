import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { openBrowser } from '../../../runner/ui/open-browser.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

describe('opening the browser', () => {
  const folder = useTemporaryFolder();

  it('hands the address to the command of the desktop', async () => {
    const said = folder.file('said');
    await writeFile(
      folder.file('xdg-open'),
      `#!/bin/sh\nprintf %s "$1" > ${said}.part && mv ${said}.part ${said}\n`,
      {
        mode: 0o755,
      },
    );
    const env = { PATH: `${folder.file('')}:${process.env.PATH ?? ''}` };
    expect(await openBrowser('http://127.0.0.1:1/a&b/', { platform: 'linux', env })).toBe(true);
    await until(() => existsSync(said));
    expect(await readFile(said, 'utf8')).toBe('http://127.0.0.1:1/a&b/');
  });

  it('says where there is none', async () => {
    const env = { PATH: folder.file('') };
    for (const platform of ['linux', 'darwin'] as const) {
      expect(await openBrowser('http://127.0.0.1:1/', { platform, env })).toBe(false);
    }
  });
});
