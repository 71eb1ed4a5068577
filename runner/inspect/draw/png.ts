import { constants } from 'node:zlib';
import { PNG } from 'pngjs';
import type { Picture } from '../../kind/index.ts';

/** A picture as the bytes of a PNG file. */
export function encodePng({ width, height, rgba }: Picture): Uint8Array {
  const png = new PNG({ width, height });
  png.data.set(rgba);
  // Without filters: plots are flat areas and repeated lines, which deflate alone packs as well, and faster.
  return PNG.sync.write(png, { filterType: 0, deflateStrategy: constants.Z_DEFAULT_STRATEGY });
}
