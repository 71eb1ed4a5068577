import type { Speaker } from '../speakers.ts';

/** What a deal of speakers is judged by, first things first: one is better than another where it comes before it. */
export interface Cost {
  /** Emotions that nobody outside a group says: a model tested on the group would never have trained on them. */
  readonly untrained: number;
  /** Emotions that nobody in a group says, and those that too few outside it say to be validated by as well. */
  readonly lacking: number;
  /** By how many speakers the groups are larger or smaller than they should be. */
  readonly misfit: number;
  /**
   * How unlike the groups are: the squared deviation of each group's share of the clips of an emotion from the share
   * that it should have, the mean over the emotions; and likewise of all clips, and of the speakers of a sex.
   */
  readonly imbalance: number;
}

/** Sums of squares that differ by less are equal but for rounding. */
const rounding = 1e-9;

export function isBetter(one: Cost, other: Cost): boolean {
  if (one.untrained !== other.untrained) return one.untrained < other.untrained;
  if (one.lacking !== other.lacking) return one.lacking < other.lacking;
  if (one.misfit !== other.misfit) return one.misfit < other.misfit;
  return one.imbalance < other.imbalance - rounding;
}

export interface DealOptions {
  /** How many groups are judged; what is in none of them is left over. */
  readonly groups: number;
  /** The share of the speakers that a group should have. */
  readonly share: number;
  /** How few and how many speakers a group should have. */
  readonly least: number;
  readonly most: number;
  /** How many speakers of an emotion should stay outside a group: one to train on, another to validate on. */
  readonly reserve: number;
}

/** Speakers in groups, with the cost of that kept up to date as they move: a move takes time by its speaker's emotions. */
export class Deal {
  readonly speakers: readonly Speaker[];
  readonly options: DealOptions;
  /** The group of each speaker; `options.groups` where it is left over. */
  readonly groupOf: Int32Array;
  /** The emotions of each speaker as numbers, and the clips of each. */
  readonly emotionsOf: readonly Int32Array[];
  readonly emotionCount: number;
  /** Speakers of one number have the same clips and sex: to swap them changes nothing. */
  readonly typeOf: Int32Array;
  /** Speakers by emotion. */
  readonly speakersOf: readonly number[][];
  readonly sizes: Int32Array;

  readonly #clipsOf: readonly Float64Array[];
  readonly #sexOf: Int32Array;
  /** One over the clips of each emotion, of all clips, of the speakers of each sex. */
  readonly #perClip: Float64Array;
  readonly #perClipOfAll: number;
  readonly #perSpeaker: Float64Array;
  /** Group × emotion; group × sex. */
  readonly #shares: Float64Array;
  readonly #heads: Int32Array;
  readonly #sexShares: Float64Array;
  readonly #sizeShares: Float64Array;
  #untrained = 0;
  #lacking = 0;
  #misfit = 0;
  #imbalance = 0;

  /** All speakers are left over at first. */
  constructor(speakers: readonly Speaker[], options: DealOptions) {
    this.speakers = speakers;
    this.options = options;
    const words = new Set<string>();
    for (const { clips } of speakers) for (const emotion of clips.keys()) words.add(emotion);
    const emotions = numbered(words);
    const sexes = numbered(new Set(speakers.map(({ sex }) => sex)));
    this.emotionCount = emotions.size;
    this.emotionsOf = speakers.map(({ clips }) =>
      Int32Array.from(clips.keys(), (emotion) => emotions.get(emotion)!).sort(),
    );
    const names = [...emotions.keys()];
    this.#clipsOf = speakers.map(({ clips }, speaker) =>
      Float64Array.from(this.emotionsOf[speaker], (emotion) => clips.get(names[emotion])!),
    );
    this.#sexOf = Int32Array.from(speakers, ({ sex }) => sexes.get(sex)!);
    const types = new Map<string, number>();
    this.typeOf = Int32Array.from(speakers, (_, speaker) => {
      const counts = this.emotionsOf[speaker].join() + ':' + this.#clipsOf[speaker].join();
      const type = `${this.#sexOf[speaker]}:${counts}`;
      if (!types.has(type)) types.set(type, types.size);
      return types.get(type)!;
    });
    this.groupOf = new Int32Array(speakers.length).fill(options.groups);
    this.sizes = new Int32Array(options.groups + 1);
    this.sizes[options.groups] = speakers.length;

    const speakersOf: number[][] = Array.from({ length: emotions.size }, () => []);
    const clips = new Float64Array(emotions.size);
    const ofSex = new Float64Array(sexes.size);
    for (let speaker = 0; speaker < speakers.length; speaker++) {
      ofSex[this.#sexOf[speaker]]++;
      for (const [place, emotion] of this.emotionsOf[speaker].entries()) {
        speakersOf[emotion].push(speaker);
        clips[emotion] += this.#clipsOf[speaker][place];
      }
    }
    this.speakersOf = speakersOf;
    this.#perClip = clips.map((count) => 1 / count);
    this.#perClipOfAll = 1 / clips.reduce((sum, count) => sum + count, 0);
    this.#perSpeaker = ofSex.map((count) => 1 / count);
    this.#shares = new Float64Array(options.groups * emotions.size);
    this.#heads = new Int32Array(options.groups * emotions.size);
    this.#sexShares = new Float64Array(options.groups * sexes.size);
    this.#sizeShares = new Float64Array(options.groups);
    this.#judgeAll();
  }

  get cost(): Cost {
    return {
      untrained: this.#untrained,
      lacking: this.#lacking,
      misfit: this.#misfit,
      imbalance: this.#imbalance,
    };
  }

  /** What a change of this deal costs, in cells looked at: of one move of a speaker. */
  effortOf(speaker: number): number {
    return this.emotionsOf[speaker].length + 4;
  }

  /** Makes a change; takes it back by `undo` unless the deal is better for it. */
  attempt(change: () => void, undo: () => void): boolean {
    const [untrained, lacking, misfit] = [this.#untrained, this.#lacking, this.#misfit];
    const imbalance = this.#imbalance;
    change();
    const worse =
      this.#untrained - untrained ||
      this.#lacking - lacking ||
      this.#misfit - misfit ||
      this.#imbalance - imbalance + rounding;
    if (worse < 0) return true;
    undo();
    return false;
  }

  /** How many speakers of a group say an emotion. */
  heads(group: number, emotion: number): number {
    return this.#heads[group * this.emotionCount + emotion];
  }

  move(speaker: number, to: number): void {
    const from = this.groupOf[speaker];
    if (from === to) return;
    this.#change(speaker, from, -1);
    this.#change(speaker, to, 1);
    this.groupOf[speaker] = to;
  }

  swap(one: number, other: number): void {
    const group = this.groupOf[one];
    this.move(one, this.groupOf[other]);
    this.move(other, group);
  }

  /** Puts every speaker where `groupOf` says, and forgets what rounding left of earlier moves. */
  assign(groupOf: ArrayLike<number>): void {
    this.#shares.fill(0);
    this.#heads.fill(0);
    this.#sexShares.fill(0);
    this.#sizeShares.fill(0);
    this.sizes.fill(0);
    this.sizes[this.options.groups] = this.speakers.length;
    this.groupOf.fill(this.options.groups);
    this.#judgeAll();
    for (let speaker = 0; speaker < this.speakers.length; speaker++) this.move(speaker, groupOf[speaker]);
  }

  #change(speaker: number, group: number, sign: 1 | -1): void {
    const { groups, share } = this.options;
    const size = this.sizes[group];
    this.sizes[group] += sign;
    if (group === groups) return;
    this.#misfit += this.#misfitOf(size + sign) - this.#misfitOf(size);
    const sexes = this.#perSpeaker.length;
    const sex = this.#sexOf[speaker];
    this.#imbalance += step(
      this.#sexShares,
      group * sexes + sex,
      sign * this.#perSpeaker[sex],
      share,
      1 / sexes,
    );
    const emotions = this.emotionsOf[speaker];
    const clips = this.#clipsOf[speaker];
    let all = 0;
    for (let place = 0; place < emotions.length; place++) {
      const emotion = emotions[place];
      const cell = group * this.emotionCount + emotion;
      all += clips[place];
      const heads = this.#heads[cell];
      this.#heads[cell] = heads + sign;
      const total = this.speakersOf[emotion].length;
      this.#judge(heads, total, -1);
      this.#judge(heads + sign, total, 1);
      this.#imbalance += step(
        this.#shares,
        cell,
        sign * clips[place] * this.#perClip[emotion],
        share,
        1 / this.emotionCount,
      );
    }
    this.#imbalance += step(this.#sizeShares, group, sign * all * this.#perClipOfAll, share, 1);
  }

  /** Adds what a cell costs, or takes it away: `heads` of the `total` speakers of an emotion are in one group. */
  #judge(heads: number, total: number, sign: 1 | -1): void {
    if (heads === 0) this.#lacking += sign;
    const outside = total - heads;
    if (outside === 0) this.#untrained += sign;
    else if (outside < this.options.reserve) this.#lacking += sign;
  }

  #misfitOf(size: number): number {
    const { least, most } = this.options;
    return Math.max(0, least - size, size - most);
  }

  /** The cost of empty groups. */
  #judgeAll(): void {
    const { groups, share } = this.options;
    this.#untrained = 0;
    this.#lacking = 0;
    for (const { length } of this.speakersOf) {
      for (let group = 0; group < groups; group++) this.#judge(0, length, 1);
    }
    this.#misfit = groups * this.#misfitOf(0);
    this.#imbalance = 3 * groups * share ** 2;
  }
}

/** Adds to one of the values; gives the change of its weighted squared deviation from `share`. */
function step(values: Float64Array, place: number, by: number, share: number, weight: number): number {
  const before = values[place] - share;
  const after = before + by;
  values[place] += by;
  return weight * (after * after - before * before);
}

/** Each word with its place in the order of the words. */
function numbered(words: ReadonlySet<string>): Map<string, number> {
  return new Map([...words].sort().map((word, place) => [word, place]));
}
