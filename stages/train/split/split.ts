import { StageFailure } from '../../../runner/kind/index.ts';
import type { SplitDescription } from '../dataset.ts';
import { auditFolds, describeAudit, enforcePromises, type FoldAudit } from './audit.ts';
import type { Corpus } from './clips.ts';
import { coverageOf, describeCoverage, type FoldCoverage } from './coverage.ts';
import type { SplitParams } from './params.ts';
import { protocols } from './protocols/index.ts';
import type { Protocol, SplitFold } from './protocols/protocol.ts';

export interface Split {
  readonly folds: readonly SplitFold[];
  readonly audit: readonly FoldAudit[];
  readonly coverage: readonly FoldCoverage[];
  readonly description: SplitDescription;
}

/** Cuts the corpus by the protocol, once for each repetition, and audits the result. */
export function splitCorpus(corpus: Corpus, params: SplitParams): Split {
  const { clips, emotions, remarks = { notes: [], cautions: [] } } = corpus;
  if (emotions.length < 2) {
    throw new StageFailure(`the corpus has ${emotions.length} emotion(s): there is nothing to tell apart`, {
      place: 'clips',
      hint: 'add recordings of other emotions',
    });
  }
  const protocol: Protocol = protocols[params.kind];
  const validationFraction = params.validationFraction ?? protocol.defaultValidationFraction;
  const notes = new Set(protocol.notes);
  const folds = Array.from({ length: params.repeats }, (_, repetition) => {
    const seed = params.seed + repetition;
    const cut = protocol.split(clips, { ...params, validationFraction, seed }, (note) => notes.add(note));
    return params.repeats === 1 ? cut : cut.map((fold) => ({ ...fold, name: `${fold.name}, seed ${seed}` }));
  }).flat();

  const audit = auditFolds(clips, folds);
  enforcePromises(audit, protocol);
  const coverage = coverageOf(corpus, folds);
  if (validationFraction === 0) {
    notes.add(
      'The test part is used for validation too: where training stops was chosen by it, so the figures are optimistic.',
    );
  }
  return {
    folds,
    audit,
    coverage,
    description: {
      kind: params.kind,
      folds: folds.length,
      seed: params.seed,
      validation: validationFraction === 0 ? 'test' : 'own',
      emotions: [...emotions],
      foldNames: folds.map(({ name }) => name),
      notes: [...notes, ...remarks.notes, ...describeAudit(audit)],
      cautions: [...remarks.cautions, ...describeCoverage(coverage, validationFraction === 0)],
    },
  };
}
