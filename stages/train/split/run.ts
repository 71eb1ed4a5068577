import type { Columns, StageContext } from '../../../runner/kind/index.ts';
import { readCorpus } from './clips.ts';
import type { SplitParams } from './params.ts';
import { splitCorpus } from './split.ts';

export async function run(context: StageContext<SplitParams>): Promise<void> {
  const { params, output } = context;
  const corpus = await readCorpus(context.input('clips'));
  // Before the clips are cut: where that fails, the names may be why.
  for (const caution of corpus.remarks?.cautions ?? []) context.warn(caution);
  const { folds, audit, coverage, description } = splitCorpus(corpus, params);
  for (const caution of description.cautions.slice(corpus.remarks?.cautions.length)) context.warn(caution);
  const columns: Columns = {
    emotion: { type: 'utf8' },
    emotionIndex: { type: 'int32' },
    speaker: { type: 'utf8' },
    ...Object.fromEntries(folds.map((_, index) => [`fold${index}`, { type: 'utf8' as const }])),
  };
  const writer = await output.table('table', columns);
  for (const [position, { id, emotion, speaker }] of corpus.clips.entries()) {
    await writer.write(id, {
      emotion,
      emotionIndex: corpus.emotions.indexOf(emotion),
      speaker,
      ...Object.fromEntries(folds.map(({ roles }, index) => [`fold${index}`, roles[position]])),
    });
  }
  await writer.close();
  await output.json('split.json', description);
  await output.json(
    'audit.json',
    audit.map(({ fold, speakers, recordings, statements }, index) => ({
      fold,
      speakers: speakers.map(({ what }) => what).sort(),
      recordings: recordings.map(({ parts, clips, equal }) => ({ parts, clips, equal })),
      statements: statements.map(({ what }) => what).sort(),
      gaps: coverage[index].gaps,
    })),
  );
}
