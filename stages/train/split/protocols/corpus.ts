import { StageFailure } from '../../../../runner/kind/index.ts';
import { deriveSeed } from '../../../random/index.ts';
import { compareText, type Clip } from '../clips.ts';
import { requireSpeakers, speakersOf } from '../speakers.ts';
import type { Protocol, SplitFold } from './protocol.ts';
import { speakerFold, speakersNeeded } from './speaker-fold.ts';

/** A fold for each corpus: tested on it, trained on the others, on the emotions that both sides have. */
export const corpus: Protocol = {
  defaultValidationFraction: 0.2,
  speakerDisjoint: true,
  recordingDisjoint: true,
  notes: [
    'Split by corpus: speakers, microphones, rooms and often the language of the test part are new to the model.',
  ],
  split(clips, { validationFraction, seed, testCorpora }, note) {
    const corpora = [...new Set(clips.map((clip) => clip.corpus))].sort(compareText);
    if (corpora.length < 2) {
      throw new StageFailure(
        `the protocol corpus needs clips of at least two corpora, and all are of ${corpora[0] || 'one without a name'}`,
        {
          place: 'kind',
          hint: 'put the clips of several ingest stages together with a stage of kind `merge`',
        },
      );
    }
    const tested = testCorpora ?? corpora;
    const unknown = tested.find((name) => !corpora.includes(name));
    if (unknown !== undefined) {
      throw new StageFailure(`there is no corpus ${unknown}; there are ${corpora.join(', ')}`, {
        place: 'testCorpora',
        hint: 'corpora are named by the param `corpus` of their ingest stages, or else by `names`',
      });
    }
    return [...new Set(tested)].map((name) =>
      // Seeded by the corpus's place among all, so that leaving a fold out does not change the others.
      corpusFold(
        name,
        clips,
        validationFraction,
        deriveSeed(seed, 'validation', corpora.indexOf(name)),
        note,
      ),
    );
  },
};

function corpusFold(
  name: string,
  clips: readonly Clip[],
  validationFraction: number,
  seed: number,
  note: (text: string) => void,
): SplitFold {
  const emotionsOf = (side: (clip: Clip) => boolean): Set<string> =>
    new Set(clips.filter(side).map((clip) => clip.emotion));
  const inTest = emotionsOf((clip) => clip.corpus === name);
  const inTraining = emotionsOf((clip) => clip.corpus !== name);
  const shared = new Set([...inTest].filter((emotion) => inTraining.has(emotion)));
  if (shared.size < 2) {
    throw new StageFailure(
      `${name} shares ${shared.size === 0 ? 'no emotion' : `only ${[...shared].join()}`} with the other corpora: it has ${[...inTest].sort(compareText).join(', ')}, they have ${[...inTraining].sort(compareText).join(', ')}`,
      { place: 'kind', hint: 'name equal emotions equally in the table of labels, or test other corpora' },
    );
  }
  noteLeftOut(name, 'has', inTest, shared, note);
  noteLeftOut(name, 'lacks', inTraining, shared, note);

  const used = clips.filter((clip) => shared.has(clip.emotion));
  const rest = used.filter((clip) => clip.corpus !== name);
  requireSpeakers(speakersOf(rest), speakersNeeded(validationFraction) - 1, `corpus, tested on ${name},`);
  const speakers = new Set(used.filter((clip) => clip.corpus === name).map((clip) => clip.speaker));
  const fold = speakerFold(`tested on ${name}`, used, speakers, validationFraction, seed);
  const roleOf = new Map(used.map((clip, position) => [clip.id, fold.roles[position]]));
  return { name: fold.name, roles: clips.map(({ id }) => roleOf.get(id) ?? 'unused') };
}

function noteLeftOut(
  name: string,
  verb: 'has' | 'lacks',
  emotions: ReadonlySet<string>,
  shared: ReadonlySet<string>,
  note: (text: string) => void,
): void {
  const others = [...emotions].filter((emotion) => !shared.has(emotion)).sort(compareText);
  if (others.length === 0) return;
  const how = verb === 'has' ? 'alone has' : 'lacks';
  note(`Tested on ${name}: clips of ${others.join(', ')} are unused, which ${name} ${how}.`);
}
