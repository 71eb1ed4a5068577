import { writeFile } from 'node:fs/promises';
import type { StageContext } from '../../runner/kind/index.ts';
import { demoCorpus, demoCorpusSize, type DemoCorpusOptions } from './demo/index.ts';

/** Writes the corpus as `clips/<RAVDESS name>.wav`. */
export async function run(context: StageContext<DemoCorpusOptions>): Promise<void> {
  const total = demoCorpusSize(context.params);
  let done = 0;
  for (const file of demoCorpus(context.params)) {
    context.signal.throwIfAborted();
    await writeFile(context.output.path(`clips/${file.name}`), file.content);
    done += 1;
    context.progress({ done, total, unit: 'clips' });
  }
}
