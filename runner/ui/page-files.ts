import { join } from 'node:path';
import { build } from 'esbuild';

export interface PageFile {
  readonly text: string;
  readonly media: string;
}

/** What the browser loads, by name; the page itself is ''. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const document = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>pipeline</title>
<link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script>
</head>
<body>
<noscript>This page needs JavaScript. The same without: pipeline status, pipeline runs, pipeline inspect.</noscript>
</body>
</html>
`;

/** Bundles the page. It takes less time than a browser to start, so nothing of it is kept on the disk. */
export async function pageFiles(home: string): Promise<PageFiles> {
  const folder = join(home, 'runner', 'ui', 'page');
  const { outputFiles } = await build({
    absWorkingDir: home,
    entryPoints: [
      { in: join(folder, 'main.ts'), out: 'page' },
      { in: join(folder, 'style', 'main.css'), out: 'page' },
    ],
    outdir: '/',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    logLevel: 'silent',
  });
  const texts = outputFiles.map(({ path, text }): [string, PageFile] => {
    const isScript = path.endsWith('.js');
    return [
      isScript ? 'page.js' : 'page.css',
      { text, media: isScript ? 'text/javascript; charset=utf-8' : 'text/css; charset=utf-8' },
    ];
  });
  return new Map([['', { text: document, media: 'text/html; charset=utf-8' }], ...texts]);
}
