import { beforeEach, describe, expect, it } from '@jest/globals';
import { PNG } from 'pngjs';
import { createTableWriter } from '../../../runner/artifact/index.ts';
import { drawCurve, drawHeatMap, stack } from '../../../runner/inspect/draw/plots.ts';
import { Raster } from '../../../runner/inspect/draw/raster.ts';
import { drawRow, encodePng } from '../../../runner/inspect/index.ts';
import { matrixOf } from '../../../runner/inspect/matrix.ts';
import type { Picture, PictureSource } from '../../../runner/kind/index.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

function pixel(picture: Picture, x: number, y: number): number[] {
  return Array.from(picture.rgba.slice(4 * (y * picture.width + x), 4 * (y * picture.width + x) + 3));
}

const white = [255, 255, 255];
const ink = [31, 78, 121];
const darkest = [68, 1, 84];
const brightest = [253, 231, 37];

/** The rows of pixels, from the top, that a curve covers in a column. */
function inked({ width, height, rgba }: Picture, x: number): number[] {
  const isInk = (y: number): boolean =>
    ink.every((channel, index) => rgba[4 * (y * width + x) + index] === channel);
  return Array.from({ length: height }, (_, y) => y).filter(isInk);
}

describe('a curve', () => {
  it('rises from the bottom left to the top right', () => {
    const picture = drawCurve([0, 1]);
    expect([picture.width, picture.height]).toEqual([960, 240]);
    expect(inked(picture, 0)).toEqual([230, 231]);
    expect(inked(picture, 959)[0]).toBe(8);
    for (let x = 1; x < 960; x++) expect(inked(picture, x)[0]).toBeLessThanOrEqual(inked(picture, x - 1)[0]);
  });

  it('has no gaps where it is steep', () => {
    const picture = drawCurve(Array.from({ length: 900 }, (_, index) => (index < 450 ? -1 : 1)));
    const covered = new Set(Array.from({ length: 960 }, (_, x) => inked(picture, x)).flat());
    for (let y = 8; y < 232; y++) expect(covered).toContain(y);
  });

  it('is filled between the least and the greatest of many values', () => {
    const picture = drawCurve(Array.from({ length: 96_000 }, (_, index) => (index % 2 === 0 ? 1 : -1)));
    expect(inked(picture, 500)).toEqual(Array.from({ length: 224 }, (_, index) => index + 8));
  });

  it('leaves out what is no number, and shows zero where it is crossed', () => {
    const picture = drawCurve([-1, NaN, NaN, NaN, 1]);
    expect(inked(picture, 480)).toEqual([]);
    expect(pixel(picture, 480, 119)).toEqual([210, 210, 210]);
    expect(pixel(drawCurve([1, 2]), 700, 231)).toEqual(white);
  });

  it('is a line in the middle where all values are equal', () => {
    const picture = drawCurve([5]);
    expect(inked(picture, 0)).toEqual([120, 121]);
    expect(inked(picture, 959)).toEqual([120, 121]);
  });
});

describe('a heat map', () => {
  it('draws each number as a square, dark for the least and bright for the greatest', () => {
    const picture = drawHeatMap(matrixOf({ type: 'tensor', shape: [2, 2] }, [0, 1, NaN, 0.5])!);
    expect([picture.width, picture.height]).toEqual([960, 480]);
    expect(pixel(picture, 10, 10)).toEqual(darkest);
    expect(pixel(picture, 959, 239)).toEqual(brightest);
    expect(pixel(picture, 0, 479)).toEqual([128, 128, 128]);
    expect(pixel(picture, 959, 479)).toEqual([33, 144, 141]);
  });

  it('takes the means of a matrix with more numbers than pixels', () => {
    const values = Float32Array.from({ length: 40 * 5000 }, (_, index) =>
      Math.floor(index / 40) < 2500 ? 0 : 1,
    );
    const picture = drawHeatMap(matrixOf({ type: 'sequence', shape: [40] }, values)!);
    expect([picture.width, picture.height]).toEqual([960, 120]);
    expect(pixel(picture, 0, 0)).toEqual(darkest);
    expect(pixel(picture, 959, 119)).toEqual(brightest);
  });
});

describe('pictures above one another', () => {
  it('keep their places and leave white beside and between them', () => {
    const picture = stack([new Raster(4, 2, [1, 2, 3]), new Raster(2, 3, [4, 5, 6])]);
    expect([picture.width, picture.height]).toEqual([4, 17]);
    expect(pixel(picture, 3, 1)).toEqual([1, 2, 3]);
    expect(pixel(picture, 0, 2)).toEqual(white);
    expect(pixel(picture, 1, 16)).toEqual([4, 5, 6]);
    expect(pixel(picture, 2, 16)).toEqual(white);
  });
});

describe('the picture of a row', () => {
  const folder = useTemporaryFolder();

  beforeEach(async () => {
    const table = await createTableWriter(folder.file('table.arrow'), {
      samples: { type: 'sequence', shape: [] },
      frames: { type: 'sequence', shape: [4] },
      speaker: { type: 'utf8' },
    });
    const frames = Float32Array.from({ length: 12 }, (_, index) => index);
    await table.write('one.wav', { samples: Float32Array.of(1, 2), frames, speaker: '01' });
    await table.write('two.wav', {
      samples: new Float32Array(0),
      frames: new Float32Array(0),
      speaker: '01',
    });
    await table.close();
    const input = await createTableWriter(folder.file('input.arrow'), { peak: { type: 'float64' } });
    await input.write('one.wav', { peak: 0.5 });
    await input.close();
  });

  it('shows its vectors and matrices, as a PNG', async () => {
    const picture = await drawRow(folder.file('table.arrow'), 'one.wav');
    expect([picture.width, picture.height]).toEqual([960, 240 + 12 + 480]);
    const png = PNG.sync.read(Buffer.from(encodePng(picture)));
    expect([png.width, png.height]).toEqual([picture.width, picture.height]);
    expect(Buffer.compare(png.data, picture.rgba)).toBe(0);
  });

  it('is left to the kind where it has a way of its own, with the row of the input', async () => {
    const sources: PictureSource[] = [];
    const options = {
      draw: (source: PictureSource) => {
        sources.push(source);
        return new Raster(3, 5);
      },
      inputPath: folder.file('input.arrow'),
      params: { coefficients: 13 },
    };
    expect(await drawRow(folder.file('table.arrow'), 'one.wav', options)).toMatchObject({
      width: 3,
      height: 5,
    });
    await drawRow(folder.file('table.arrow'), 'two.wav', options);
    expect(sources[0].row.cells.samples).toEqual(Float32Array.of(1, 2));
    expect(sources[0].columns.frames).toEqual({ type: 'sequence', shape: [4] });
    expect(sources[0].params).toEqual({ coefficients: 13 });
    expect(sources[0].input).toEqual({
      row: { id: 'one.wav', cells: { peak: 0.5 } },
      columns: { peak: { type: 'float64' } },
    });
    expect(sources[1]).not.toHaveProperty('input');
  });

  it('is refused where there is nothing to draw', async () => {
    await expect(drawRow(folder.file('table.arrow'), 'two.wav')).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ message: 'row two.wav has nothing to draw' }],
    });
    await expect(drawRow(folder.file('table.arrow'), 'tow.wav')).rejects.toMatchObject({
      problems: [{ message: 'there is no row tow.wav' }],
    });
  });
});
