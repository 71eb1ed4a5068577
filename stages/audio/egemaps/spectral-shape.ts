/** Power under which the slopes take a bin for silent. */
const SLOPE_FLOOR = 1e-14;
const HIGHEST = 5000;

/** Fits a line to the decibels of a band: the weights by which their sum is its slope in dB/Hz. */
interface SlopeWeights {
  readonly first: number;
  readonly weights: Float64Array;
}

/** Ratios, slopes and flux of the spectrum of a frame, after Eyben et al. (2016). */
export class SpectralShape {
  private readonly hertzPerBin: number;
  private readonly lowSlope: SlopeWeights;
  private readonly highSlope: SlopeWeights;
  /** The first bins from 1, 2 and 5 kHz on, and the first one above 5 kHz. */
  private readonly from1000: number;
  private readonly from2000: number;
  private readonly from5000: number;
  private readonly above5000: number;
  private readonly previous: Float64Array;
  private hasPrevious = false;

  constructor(sampleRate: number, fftSize: number) {
    this.hertzPerBin = sampleRate / fftSize;
    this.lowSlope = slopeWeights(0, 500, this.hertzPerBin);
    this.highSlope = slopeWeights(500, 1500, this.hertzPerBin);
    this.from1000 = Math.ceil(1000 / this.hertzPerBin);
    this.from2000 = Math.ceil(2000 / this.hertzPerBin);
    this.from5000 = Math.ceil(HIGHEST / this.hertzPerBin);
    this.above5000 = Math.floor(HIGHEST / this.hertzPerBin) + 1;
    this.previous = new Float64Array(fftSize / 2 + 1);
  }

  /** Forgets the frame before: the next one is a clip's first. */
  begin(): void {
    this.hasPrevious = false;
  }

  /** Energy between 1 and 5 kHz over that below, in dB; 0 of silence. */
  alphaRatio(magnitudes: Float64Array): number {
    let low = 0;
    let high = 0;
    for (let bin = 0; bin < this.from1000; bin++) low += magnitudes[bin] * magnitudes[bin];
    for (let bin = this.from1000; bin < this.above5000; bin++) high += magnitudes[bin] * magnitudes[bin];
    return low > 0 && high > 0 ? 10 * Math.log10(high / low) : 0;
  }

  /** The strongest bin below 2 kHz over the strongest between 2 and 5 kHz, in dB; 0 of silence. */
  hammarbergIndex(magnitudes: Float64Array): number {
    let low = 0;
    let high = 0;
    for (let bin = 0; bin < this.from2000; bin++) low = Math.max(low, magnitudes[bin]);
    for (let bin = this.from2000; bin < this.above5000; bin++) high = Math.max(high, magnitudes[bin]);
    return low > 0 && high > 0 ? 20 * Math.log10(low / high) : 0;
  }

  /** Slopes of the spectrum in dB from 0 to 500 and from 500 to 1,500 Hz. */
  slopes(magnitudes: Float64Array): [number, number] {
    return [slopeOf(magnitudes, this.lowSlope), slopeOf(magnitudes, this.highSlope)];
  }

  /** The root of the mean squared change of the magnitudes below 5 kHz since the frame before; 0 for the first. */
  flux(magnitudes: Float64Array): number {
    let sum = 0;
    for (let bin = 0; bin < this.from5000; bin++) {
      const change = magnitudes[bin] - this.previous[bin];
      sum += change * change;
      this.previous[bin] = magnitudes[bin];
    }
    const isFirst = !this.hasPrevious;
    this.hasPrevious = true;
    return isFirst ? 0 : Math.sqrt(sum / this.from5000);
  }
}

/** Least squares over the bins of a band, the bins at its ends counting by the part that lies within. */
function slopeWeights(from: number, to: number, hertzPerBin: number): SlopeWeights {
  const low = from / hertzPerBin;
  const high = to / hertzPerBin;
  const first = Math.floor(low);
  const last = Math.floor(high);
  // The reference counts one bin less than it sums over.
  const count = last - first;
  const part = new Float64Array(last - first + 1).fill(1);
  part[0] = 1 - (low - first);
  if (high > last) part[last - first] = high - last;
  let sum = 0;
  let squares = 0;
  part.forEach((share, index) => {
    sum += share * (first + index);
    squares += (share * (first + index)) ** 2;
  });
  const scale = 1 / ((count * squares - sum * sum) * hertzPerBin);
  return { first, weights: part.map((share, index) => share * scale * (count * (first + index) - sum)) };
}

function slopeOf(magnitudes: Float64Array, { first, weights }: SlopeWeights): number {
  let slope = 0;
  for (let index = 0; index < weights.length; index++) {
    const magnitude = magnitudes[first + index];
    slope += weights[index] * 10 * Math.log10(Math.max(SLOPE_FLOOR, magnitude * magnitude));
  }
  return slope;
}
