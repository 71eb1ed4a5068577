import { BAND_RATE } from './band.ts';
import type { Fingerprint } from './fingerprint.ts';

/** So many values, 0.4 s, must be loud in both for their signs to prove anything. */
const leastLoud = 0.4 * BAND_RATE;

/** Of one recording at two levels, rates or codecs most signs agree; of two recordings about half. */
const leastAgreement = 0.75;

/** A tone agrees with itself a period later as well; speech does not. */
const leastLead = 0.08;

/** Peaks tell how two recordings lie to within so many values: 6 ms. */
const slack = 0.006 * BAND_RATE;

/** Peaks are compared by the ways to the next three, in steps of 4 ms. */
const stepSize = 0.004 * BAND_RATE;

/** Which of two signs of the values at one time, `lag` apart, agree, and how many are loud in both. */
function agreementAt(one: Fingerprint, other: Fingerprint, lag: number): { loud: number; agreement: number } {
  const words = lag >> 5;
  const bits = lag & 31;
  let [loud, differing] = [0, 0];
  for (let word = 0; word < one.signs.length; word++) {
    const mask = one.loud[word] & shifted(other.loud, word + words, bits);
    if (mask === 0) continue;
    loud += ones(mask);
    differing += ones((one.signs[word] ^ shifted(other.signs, word + words, bits)) & mask);
  }
  return { loud, agreement: loud === 0 ? 0 : 1 - differing / loud };
}

/** Whether two fingerprints are of one recording, the second of them `lag` values later, or nearly so. */
function isSameRecording(one: Fingerprint, other: Fingerprint, lag: number): boolean {
  const middle = Math.round(lag);
  let best = { agreement: 0, lag: middle };
  for (let at = middle - slack; at <= middle + slack; at++) {
    const { loud, agreement } = agreementAt(one, other, at);
    // A microphone or a wire the other way around turns every sign.
    const either = Math.max(agreement, 1 - agreement);
    if (loud >= leastLoud && either > best.agreement) best = { agreement: either, lag: at };
  }
  if (best.agreement < leastAgreement) return false;
  for (let away = 8; away <= 40; away++) {
    for (const at of [best.lag - away, best.lag + away]) {
      const { agreement } = agreementAt(one, other, at);
      if (Math.max(agreement, 1 - agreement) > best.agreement - leastLead) return false;
    }
  }
  return true;
}

/** The 32 bits from a word and a bit on. */
function shifted(words: Uint32Array, word: number, bits: number): number {
  const low = word >= 0 && word < words.length ? words[word] >>> bits : 0;
  if (bits === 0) return low;
  const high = word + 1 >= 0 && word + 1 < words.length ? words[word + 1] << (32 - bits) : 0;
  return low | high;
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Finds recordings that are one among many, without comparing all pairs: only those are compared that have peaks at
 * the same ways from each other.
 */
export class RecordingIndex {
  readonly #prints: Fingerprint[] = [];
  /** By ways between four peaks: pairs of print and peak. */
  readonly #places = new Map<number, number[]>();

  /** The recordings among those given before that are the same as this one; it is one of them from now on. */
  add(print: Fingerprint): number[] {
    const own = this.#prints.length;
    const same = new Set<number>();
    const compared = new Set<string>();
    for (const [peak, ways] of waysOf(print)) {
      for (const key of nearKeys(ways)) {
        const places = this.#places.get(key) ?? [];
        for (let place = 0; place < places.length; place += 2) {
          const other = places[place];
          if (same.has(other)) continue;
          const lag = this.#prints[other].peaks[places[place + 1]] - print.peaks[peak];
          const pair = `${other} ${Math.round(lag / slack)}`;
          if (compared.has(pair)) continue;
          compared.add(pair);
          if (isSameRecording(print, this.#prints[other], lag)) same.add(other);
        }
      }
    }
    this.#prints.push(print);
    for (const [peak, ways] of waysOf(print)) {
      const key = keyOf(ways);
      const places = this.#places.get(key);
      if (places === undefined) this.#places.set(key, [own, peak]);
      else places.push(own, peak);
    }
    return [...same].sort((a, b) => a - b);
  }
}

type Ways = readonly [number, number, number];

function* waysOf({ peaks }: Fingerprint): Generator<readonly [number, Ways]> {
  for (let peak = 0; peak + 1 < peaks.length; peak++) {
    const way = (ahead: number): number =>
      peak + ahead < peaks.length
        ? Math.min(1023, Math.round((peaks[peak + ahead] - peaks[peak + ahead - 1]) / stepSize))
        : 0;
    // Four peaks where there are; of a short recording the last three or two.
    if (peaks.length >= 4 && peak + 3 >= peaks.length) return;
    yield [peak, [way(1), way(2), way(3)]];
  }
}

function keyOf([first, second, third]: Ways): number {
  return (first << 20) | (second << 10) | third;
}

function* nearKeys(ways: Ways): Generator<number> {
  yield keyOf(ways);
  for (let place = 0; place < 3; place++) {
    if (ways[place] === 0) continue;
    for (const by of [-1, 1]) {
      yield keyOf(ways.map((way, at) => (at === place ? way + by : way)) as unknown as Ways);
    }
  }
}
