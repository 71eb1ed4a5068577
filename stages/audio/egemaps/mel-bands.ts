const BANDS = 26;
const LOWEST = 20;
const HIGHEST = 8000;
const COEFFICIENTS = 4;
const LIFTER = 22;
/** Power below which a band of the cepstrum is silent, of samples up to 32,767. */
const CEPSTRUM_FLOOR = 1;
const INTEGER_POWER = 32_767 ** 2;
/** Intensity to loudness. */
const COMPRESSION = 0.33;

/**
 * 26 triangular bands between 20 and 8,000 Hz on the mel scale of HTK, of powers, and what is made of them: loudness
 * and mel-frequency cepstral coefficients 1 to 4.
 */
export class MelBands {
  private readonly bands = new Float64Array(BANDS);
  private readonly first: Int32Array;
  private readonly weights: Float64Array[];
  private readonly equalLoudness: Float64Array;
  private readonly cosines: Float64Array[];

  constructor(sampleRate: number, fftSize: number) {
    const low = toMel(LOWEST);
    const step = (toMel(HIGHEST) - low) / (BANDS + 1);
    const hertzPerBin = sampleRate / fftSize;
    // Bins up to the one nearest the lower end are left out, whatever they would weigh.
    const lowestBin = Math.round(LOWEST / hertzPerBin) + 1;
    const triangles = Array.from({ length: BANDS }, (_, band) => {
      const weights: number[] = [];
      let first = -1;
      for (let bin = lowestBin; bin < fftSize / 2; bin++) {
        const place = (toMel(bin * hertzPerBin) - low) / step - band;
        const weight = Math.min(place, 2 - place);
        if (weight <= 0) continue;
        if (first < 0) first = bin;
        weights.push(weight);
      }
      return { first: Math.max(first, 0), weights: Float64Array.from(weights) };
    });
    this.first = Int32Array.from(triangles, ({ first }) => first);
    this.weights = triangles.map(({ weights }) => weights);
    this.equalLoudness = Float64Array.from({ length: BANDS }, (_, band) =>
      equalLoudness(toHertz(low + (band + 1) * step)),
    );
    this.cosines = Array.from({ length: COEFFICIENTS }, (_, index) => {
      const lift = 1 + (LIFTER / 2) * Math.sin((Math.PI * (index + 1)) / LIFTER);
      return Float64Array.from(
        { length: BANDS },
        (_each, band) =>
          lift * Math.sqrt(2 / BANDS) * Math.cos((Math.PI * (index + 1) * (band + 0.5)) / BANDS),
      );
    });
  }

  /** Sums a spectrum's powers into the bands. */
  analyse(magnitudes: Float64Array): void {
    for (let band = 0; band < BANDS; band++) {
      const weights = this.weights[band];
      const first = this.first[band];
      let sum = 0;
      for (let index = 0; index < weights.length; index++) {
        const magnitude = magnitudes[first + index];
        sum += weights[index] * magnitude * magnitude;
      }
      this.bands[band] = sum;
    }
  }

  /** The mean of the auditory spectrum: bands under the curve of equal loudness, compressed (Hermansky 1990). */
  loudness(): number {
    let sum = 0;
    for (let band = 0; band < BANDS; band++)
      sum += (this.equalLoudness[band] * this.bands[band]) ** COMPRESSION;
    return sum / BANDS;
  }

  /** Coefficients 1 to 4, liftered, as HTK computes them of samples up to 32,767. */
  cepstrum(result: Float64Array): void {
    result.fill(0);
    for (let band = 0; band < BANDS; band++) {
      const log = Math.log(Math.max(CEPSTRUM_FLOOR, INTEGER_POWER * this.bands[band]));
      for (let index = 0; index < COEFFICIENTS; index++) result[index] += this.cosines[index][band] * log;
    }
  }
}

function toMel(hertz: number): number {
  return 1127 * Math.log(1 + hertz / 700);
}

function toHertz(mel: number): number {
  return 700 * (Math.exp(mel / 1127) - 1);
}

/** The curve of equal loudness of Hermansky (1990) with its term for high frequencies, as openSMILE scales it. */
function equalLoudness(hertz: number): number {
  const angular = 2 * Math.PI * hertz;
  const squared = angular * angular;
  const curve = ((squared + 56.8e6) * squared * squared) / ((squared + 6.3e6) ** 2 * (squared + 0.38e9));
  return (curve * 1e32) / (angular ** 7 + 1.7e31);
}
