import { createRequire } from 'node:module';
import { Resvg } from '@resvg/resvg-js';
import { figureFont } from './standalone.ts';

/** Device pixels for a CSS pixel. */
const scale = 2;

/** Draws a standalone SVG as PNG with the font that comes with the package, whatever the machine has installed. */
export function png(svg: string): Buffer {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: figureFont },
  });
  return Buffer.from(resvg.render().asPng());
}

function fontFiles(): string[] {
  const { resolve } = createRequire(import.meta.url);
  return ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'].map((file) =>
    resolve(`@expo-google-fonts/inter/${file}`),
  );
}
