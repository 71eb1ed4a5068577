import { percentileInterval, resampleInGroups, signFlipTest } from '../../stages/metrics/index.ts';
import { RandomState } from '../../stages/random/index.ts';
import { mcNemarP } from './mcnemar.ts';

const simulations = Number(process.argv[2] ?? 2000);
const clipsOfSpeaker = 60;
const level = 0.05;

interface Setting {
  readonly speakers: number;
  /** How often the split is repeated: every clip is tested as often. */
  readonly repeats: number;
  /** Deviation of how much better one of the models is on a speaker, in logits; on average it is not. */
  readonly speakerEffect: number;
}

/**
 * Two models that are equally good on speakers at large. On a given speaker one is better than the other, to either side
 * alike; clips are harder or easier for both. Gives for each speaker, clip and repetition whether each model is right.
 */
function simulate({ speakers, repeats, speakerEffect }: Setting, random: RandomState): boolean[][][][] {
  return Array.from({ length: speakers }, () => {
    const ability = 0.8 + 0.5 * random.normal();
    const effects = [speakerEffect * random.normal(), speakerEffect * random.normal()];
    return Array.from({ length: clipsOfSpeaker }, () => {
      const ease = 1.2 * random.normal();
      const own = effects.map((effect) => ability + ease + effect + 0.8 * random.normal());
      return Array.from({ length: repeats }, () =>
        // Another training gives another logit; the clip, the speaker and the features stay.
        own.map((logit) => logit + 0.7 * random.normal() > 0),
      );
    });
  });
}

function share(right: readonly boolean[][], model: number): number {
  return right.filter((answers) => answers[model]).length / right.length;
}

/** How often each test finds a difference, and the intervals do not hold zero, where there is none. */
function falseAlarms(setting: Setting): { signFlips: number; mcNemar: number; interval: number } {
  const random = new RandomState(1);
  const found = { signFlips: 0, mcNemar: 0, interval: 0 };
  for (let simulation = 0; simulation < simulations; simulation++) {
    const corpus = simulate(setting, random);
    const differences = corpus.map((clips) => clips.map((right) => share(right, 0) - share(right, 1)));
    const sums = differences.map((clips) => clips.reduce((sum, difference) => sum + difference, 0));
    if (signFlipTest(sums, simulation).p <= level) found.signFlips++;
    const rows = corpus.flat(2);
    const only = (model: number): number => rows.filter((row) => row[model] && !row[1 - model]).length;
    if (mcNemarP(only(0), only(1)) <= level) found.mcNemar++;
    if (simulation < simulations / 10) {
      const { low, high } = interval(differences.flat(), setting.speakers);
      if (low > 0 || high < 0) found.interval++;
    }
  }
  return {
    signFlips: found.signFlips / simulations,
    mcNemar: found.mcNemar / simulations,
    interval: found.interval / Math.ceil(simulations / 10),
  };
}

function interval(differences: readonly number[], speakers: number): { low: number; high: number } {
  const groups = Array.from({ length: speakers }, (_, speaker) =>
    Array.from({ length: clipsOfSpeaker }, (__, clip) => speaker * clipsOfSpeaker + clip),
  );
  const means: number[] = [];
  resampleInGroups(groups, { resamples: 500, seed: 1 }, (counts) => {
    means.push(counts.reduce((sum, count, clip) => sum + count * differences[clip], 0) / differences.length);
  });
  return percentileInterval(Float64Array.from(means), 1 - level);
}

const settings: readonly Setting[] = [
  { speakers: 12, repeats: 1, speakerEffect: 0 },
  { speakers: 12, repeats: 1, speakerEffect: 0.5 },
  { speakers: 24, repeats: 1, speakerEffect: 0.5 },
  { speakers: 24, repeats: 3, speakerEffect: 0.5 },
  { speakers: 24, repeats: 8, speakerEffect: 0.5 },
  { speakers: 40, repeats: 3, speakerEffect: 0.5 },
];
const percent = (value: number): string => (100 * value).toFixed(1).padStart(5);
console.log(`false alarms at the level of ${100 * level} %, of ${simulations} simulations, in per cent`);
console.log('speakers  repeats  speaker effect  sign flips  McNemar  interval without zero');
for (const setting of settings) {
  const { signFlips, mcNemar, interval: outside } = falseAlarms(setting);
  console.log(
    `${String(setting.speakers).padStart(8)}  ${String(setting.repeats).padStart(7)}  ` +
      `${setting.speakerEffect.toFixed(1).padStart(14)}  ${percent(signFlips).padStart(10)}  ` +
      `${percent(mcNemar).padStart(7)}  ${percent(outside).padStart(21)}`,
  );
}
