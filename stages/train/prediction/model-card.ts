import type { Ancestor, ModelCardContext } from '../../../runner/kind/index.ts';
import { loadFolds, readSplitDescription, type SplitDescription } from '../dataset.ts';
import { readLeftOut, withoutClips } from '../left-out.ts';
import { readSummary, type TrainedSummary } from './fold-models.ts';
import { figuresOf, type ModelFigures } from './model-figures.ts';

/** A model card (Mitchell et al., "Model Cards for Model Reporting", 2019) of a trained stage, in Markdown. */
export async function writeModelCard({ model, inputs, ancestors }: ModelCardContext): Promise<string> {
  const summary = await readSummary(model);
  const split = inputs.split[0];
  const description = await readSplitDescription(split);
  const clips = withoutClips(await loadFolds(split), await readLeftOut(model));
  const figures = await figuresOf(model, split, summary.emotions);
  const counts = summary.emotions.map((_, index) => clips.labels.filter((label) => label === index).length);
  const speakers = new Set(clips.speakers).size;
  return [
    `# Model card: ${model.stage}`,
    overview(summary, figures),
    use,
    data(summary, { clips: clips.ids.length, speakers, counts }, ancestors),
    protocol(description),
    results(summary, figures),
    calibration(figures),
    limits(summary, speakers),
    making(summary, ancestors),
  ].join('\n\n');
}

function overview(
  { model, features, emotions, parameters, folds }: TrainedSummary,
  figures: ModelFigures,
): string {
  const { accuracy } = figures.report;
  return [
    `Recognises the emotion of a spoken utterance: ${emotions.join(', ')}. A ${model} on the features of \`${features}\`,`,
    `${parameters.total.toLocaleString('en')} parameters in each of ${folds.length} fold${folds.length === 1 ? '' : 's'};`,
    `test accuracy ${percent(accuracy)} (chance ${percent(1 / emotions.length)}).`,
  ].join('\n');
}

const use = `## Use

    pipeline predict --from THIS_FOLDER recording.wav …

Any wav file, one utterance each, of a few seconds. What is printed is the mean over the models of the folds, each
calibrated by its temperature. The folder holds all that is needed but the packages that come with the pipeline. It
holds code, which runs when it is used: take such folders only from whom you trust.`;

function data(
  { emotions }: TrainedSummary,
  { clips, speakers, counts }: { clips: number; speakers: number; counts: readonly number[] },
  ancestors: readonly Ancestor[],
): string {
  return [
    '## Data',
    `${clips} clips of ${speakers} speakers: ${emotions.map((emotion, i) => `${emotion} ${counts[i]}`).join(', ')}.`,
    origin(ancestors),
  ].join('\n\n');
}

function origin(ancestors: readonly Ancestor[]): string {
  if (ancestors.some(({ kind }) => kind === 'corpus')) {
    return (
      'The recordings are synthetic: the demo corpus that the pipeline makes itself. They show that the chain works, ' +
      'and say nothing about people.'
    );
  }
  const sources = ancestors.filter(({ kind }) => kind === 'ingest').map(({ params }) => params);
  return sources
    .map(({ names, root }) =>
      names === 'ravdess' || names === undefined
        ? 'RAVDESS (Livingstone and Russo 2018, doi:10.1371/journal.pone.0196391): actors who speak two sentences with ' +
          'the emotion asked for. It is licensed CC BY-NC-SA 4.0; mind it when you share the model.'
        : `Recordings of ${code(JSON.stringify(root))}, their labels as ${JSON.stringify(names)} gives them. Mind their licence when you ` +
          'share the model.',
    )
    .join('\n\n');
}

function protocol(split: SplitDescription): string {
  const { kind, folds, seed, validation, foldNames, notes, cautions } = split;
  const remarks = [...cautions.map((caution) => `Caution. ${caution}`), ...notes];
  return [
    '## Protocol',
    `Split \`${kind}\`, ${folds} fold${folds === 1 ? '' : 's'} (${foldNames.join('; ')}), seed ${seed}. ` +
      (validation === 'own'
        ? 'Each fold has a validation part of its own, apart from its test part.'
        : 'The test part served as validation part too: the figures are optimistic.'),
    ...(remarks.length > 0 ? [list(remarks)] : []),
  ].join('\n\n');
}

function results({ emotions }: TrainedSummary, figures: ModelFigures): string {
  const { report, folds, speakers, overSpeakers } = figures;
  const accuracies = speakers.map(({ accuracy }) => accuracy);
  return [
    '## Results on test clips',
    `Accuracy ${percent(report.accuracy)}, over folds ${spread(folds)}; unweighted average recall ` +
      `${percent(report.unweightedAverageRecall)}; macro F1 ${report.macro.f1.toFixed(3)}.`,
    table(
      ['emotion', 'precision', 'recall', 'F1', 'clips'],
      emotions.map((emotion, index) => {
        const { precision, recall, f1, support } = report.perClass[index];
        return [emotion, precision.toFixed(3), recall.toFixed(3), f1.toFixed(3), String(support)];
      }),
    ),
    `Over speakers ${spread(overSpeakers)}, from ${percent(Math.min(...accuracies))} to ${percent(Math.max(...accuracies))}:`,
    table(
      ['speaker', 'accuracy', 'clips'],
      speakers.map(({ group, accuracy, count }) => [group, percent(accuracy), String(count)]),
    ),
  ].join('\n\n');
}

function calibration({ calibrations, calibrationError }: ModelFigures): string {
  const { before, after } = calibrationError;
  const temperatures = calibrations.map(({ trained, temperature }) => (trained * temperature).toFixed(2));
  return [
    '## Calibration',
    calibrations.every(({ fitted }) => fitted)
      ? `Expected calibration error on the test clips: ${before.toFixed(3)} before, ${after.toFixed(3)} after temperature ` +
        `scaling. The temperatures, ${temperatures.join(', ')} by fold, were fitted on the validation parts.`
      : `Expected calibration error on the test clips: ${before.toFixed(3)}. Not calibrated: the split has no validation ` +
        'part of its own.',
    'These are figures of the single models. How well their mean is calibrated cannot be told from this data, since ' +
      'every clip was seen by some of them.',
  ].join('\n\n');
}

function limits({ notes }: TrainedSummary, speakers: number): string {
  return [
    '## Intended use and limits',
    list([
      'For research and teaching on the recognition of emotions in speech. Not for decisions about people.',
      `Trained on ${speakers} speakers who act emotions in few sentences of one language. Spontaneous speech, other ` +
        'languages, other microphones, noise and long recordings were not tested; expect it to be worse there.',
      'It always names one of its emotions, also for music, noise or silence.',
      'The spread over speakers above is what to expect of a new speaker, rather than the mean.',
      ...notes,
    ]),
  ].join('\n\n');
}

function making({ hyperparameters }: TrainedSummary, ancestors: readonly Ancestor[]): string {
  const packages = new Map(ancestors.flatMap((ancestor) => Object.entries(ancestor.packages)));
  return [
    '## How it was made',
    table(
      ['stage', 'kind', 'key', 'params'],
      ancestors.map(({ stage, kind, key, params }) => [
        code(stage),
        code(kind),
        code(key.slice(0, 12)),
        code(JSON.stringify(params)),
      ]),
    ),
    `Hyper-parameters: ${code(JSON.stringify(hyperparameters))}`,
    `Packages: ${[...packages].map(([name, version]) => `${name} ${version.replace(/\+.*/, '')}`).join(', ')}.`,
    '',
  ].join('\n\n');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function spread({ mean, standardDeviation }: { mean: number; standardDeviation: number }): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * standardDeviation).toFixed(1)} %`;
}

function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
