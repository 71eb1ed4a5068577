import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { planPipeline } from '../../../runner/config/index.ts';
import type { KindRegistry } from '../../../runner/config/index.ts';
import { formatProblem } from '../../../runner/errors.ts';
import type { Kind } from '../../../runner/kind/index.ts';
import { names, plan, report } from './plan.ts';

const documentation = readFileSync('docs/configuration.md', 'utf8');

async function ownKind(name: string): Promise<Kind | undefined> {
  const file = `../../../stages/${name}/index.ts`;
  return existsSync(`stages/${name}/index.ts`)
    ? ((await import(file)) as { default: Kind }).default
    : undefined;
}

// One at a time: jest loses its way where modules that share imports are loaded together.
let loading: Promise<unknown> = Promise.resolve();

/** The product's own kinds. */
const ownKinds: KindRegistry = {
  names: () => Promise.resolve([]),
  load: (name) => {
    const kind = loading.then(() => ownKind(name));
    loading = kind;
    return kind;
  },
};

function blocks(language: string): string[] {
  return Array.from(documentation.matchAll(/^```(\w*)\n([^]*?)^```$/gm))
    .filter(([, of]) => of === language)
    .map(([, , text]) => text);
}

describe('docs/configuration.md', () => {
  const examples = blocks('yaml').map((yaml, i) => [i + 1, yaml] as const);

  it.each(examples)('yaml example %i is a pipeline, with each of its profiles', async (_, yaml) => {
    const profiles = /^profiles:\n([^]*)/m.exec(yaml)?.[1].matchAll(/^ {2}(\w+):$/gm) ?? [];
    for (const profile of [undefined, ...Array.from(profiles, ([, name]) => name)]) {
      const result = await planPipeline(yaml, { file: 'pipeline.yaml', profile, set: [], kinds: ownKinds });
      expect(
        result.ok ? [] : result.problems.map((problem) => formatProblem(problem, { source: yaml })),
      ).toEqual([]);
    }
  });

  it('names the instances that its matrix makes', async () => {
    const yaml = examples.map(([, text]) => text).find((text) => text.includes('exclude'))!;
    const instances = names(await plan(yaml, { kinds: ownKinds })).filter((name) => name.startsWith('train'));
    const [sentence] = /^This has .*\.$/m.exec(documentation)!;
    expect(sentence).toBe(
      `This has ${instances
        .slice(0, -1)
        .map((name) => `\`${name}\``)
        .join(', ')} and \`${instances.at(-1)!}\`.`,
    );
  });

  it('shows an error as it is', async () => {
    const [shown] = blocks('');
    const yaml = `stages:
  ingest:
    uses: ingest
  audio:
    uses: preprocess
    in: { clips: ingest }
  mfcc:
    uses: features/mfcc
    in: { clips: audio }
    with: { coefficients: 0 }
`;
    expect(await report(yaml, { kinds: ownKinds })).toBe(shown);
  });

  it.each(
    blocks('sh').flatMap((text) =>
      Array.from(text.matchAll(/--set '?([^'#\n]+?)'?(?=\s|$)/gm), ([, set]) => set),
    ),
  )('--set %s reaches what it says', async (set) => {
    const yaml = readFileSync('pipeline.yaml', 'utf8');
    const result = await planPipeline(yaml, { file: 'pipeline.yaml', set: [set], kinds: ownKinds });
    expect(result.ok ? [] : result.problems).toEqual([]);
  });

  it('has the reference that the kinds make', () => {
    const { stdout, stderr, status } = spawnSync('npm', ['run', '--silent', 'docs', '--', '--check'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 });
  });
});
