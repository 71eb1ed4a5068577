import type { Provenance } from '../../../runner/kind/index.ts';
import {
  runSentence,
  seeds,
  settingsOf,
  stageColumns,
  stageRows,
  totalTime,
  versions,
} from '../evaluation/provenance.ts';
import { markdownTable, plain } from './markdown.ts';

/** How the report was made, for reading in a repository, which draws the DAG itself. */
export function provenanceMarkdown(provenance: Provenance): string {
  const settings = provenance.stages.flatMap((stage) =>
    settingsOf(stage).map(([name, value]) => ({ stage: stage.stage, name, value })),
  );
  return [
    plain(runSentence(provenance)),
    `\`\`\`sh\npipeline ${provenance.run.command}\n\`\`\``,
    `\`\`\`mermaid\n${provenance.dag.mermaid}\n\`\`\``,
    markdownTable(stageColumns, stageRows(provenance)),
    plain(`One after the other, the stages took ${totalTime(provenance)}.`),
    '### Versions',
    markdownTable(
      [
        { head: 'what', align: 'left', cell: ([name]) => name },
        { head: 'version', align: 'left', cell: ([, value]) => value },
      ],
      versions(provenance),
    ),
    '### Settings',
    ...[seeds(provenance)].filter((sentence) => sentence !== '').map(plain),
    markdownTable(
      [
        { head: 'stage', align: 'left', cell: (row) => row.stage },
        { head: 'what', align: 'left', cell: (row) => row.name },
        { head: 'value', align: 'left', cell: (row) => row.value },
      ],
      settings,
    ),
  ].join('\n\n');
}
