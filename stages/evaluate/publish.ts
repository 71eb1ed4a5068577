import type { Provenance, Publisher } from '../../runner/kind/index.ts';
import { fillGaps } from './gaps.ts';
import { provenancePage } from './html/provenance.ts';
import { provenanceMarkdown } from './markdown/provenance.ts';
import { seconds } from './text/format.ts';

/** Fills the gaps that the stage left in its reports for what differs from run to run. */
export default {
  type: 'publisher',
  files: ['report.html', 'report.md', 'metrics.json'],
  complete(file, text, provenance) {
    if (file === 'metrics.json') return withFitSeconds(text, provenance);
    const fitSeconds = fitSecondsOf(provenance);
    const how = file === 'report.html' ? provenancePage(provenance).text : provenanceMarkdown(provenance);
    const timed = (content: (written: string) => string) => (stage: string) => {
      const value = fitSeconds.get(stage);
      return value === undefined ? null : content(seconds(value));
    };
    const cells = fillGaps(
      text,
      'fit-time',
      timed((written) => written),
    );
    const sentences = fillGaps(
      cells,
      'fitted-in',
      timed((written) => ` · fitted in ${written}`),
    );
    return fillGaps(sentences, 'how', () => how);
  },
} satisfies Publisher;

/** Wall time of all folds' fits by stage, as far as it was measured. */
function fitSecondsOf({ stages }: Provenance): ReadonlyMap<string, number> {
  return new Map(
    stages.flatMap(({ stage, measurements }) => {
      const { fitSeconds } = measurements as { readonly fitSeconds?: number };
      return fitSeconds === undefined ? [] : [[stage, fitSeconds] as const];
    }),
  );
}

function withFitSeconds(text: string, provenance: Provenance): string {
  const fitSeconds = fitSecondsOf(provenance);
  const metrics = JSON.parse(text) as { results: { stage: string; fitSeconds: number | null }[] };
  for (const result of metrics.results) result.fitSeconds = fitSeconds.get(result.stage) ?? null;
  return `${JSON.stringify(metrics, null, 2)}\n`;
}
