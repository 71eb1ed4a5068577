import { fileURLToPath } from 'node:url';
import { type RenderedImage, Resvg } from '@resvg/resvg-js';

/** The family that pictures ask for: it comes with the package, whatever the machine has installed. */
export const pictureFont = 'Inter';

/** Device pixels for a CSS pixel. */
const scale = 2;

/** Draws a standalone SVG. */
export function rasterise(svg: string): RenderedImage {
  const resvg = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: pictureFont },
  });
  return resvg.render();
}

/** Written out, so that the package is known to be needed. */
function fontFiles(): string[] {
  return [
    import.meta.resolve('@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf'),
    import.meta.resolve('@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf'),
  ].map((url) => fileURLToPath(url));
}
