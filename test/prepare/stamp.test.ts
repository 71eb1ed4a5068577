import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  currentRuntime,
  isPrepared,
  lockfileDigest,
  readStamp,
  renewedStamp,
  stampFile,
  stampHolds,
  writeStamp,
} from '../../scripts/prepare/stamp.mjs';

describe('stampHolds', () => {
  const stamp = renewedStamp(null, 'abc', 'linux-x64-node20');
  const facts = { lockfile: 'abc', runtime: 'linux-x64-node20', addon: true };

  it('holds for the packages, the runtime and the addon it was made for', () => {
    expect(stampHolds(stamp, facts)).toBe(true);
  });

  it.each([
    ['no stamp', null, facts],
    ['another package-lock.json', stamp, { ...facts, lockfile: 'def' }],
    ['another line of Node', stamp, { ...facts, runtime: 'linux-x64-node24' }],
    ['another platform', stamp, { ...facts, runtime: 'darwin-arm64-node20' }],
    ['an addon that is gone', stamp, { ...facts, addon: false }],
    ['an earlier recipe', { ...stamp, recipe: stamp.recipe - 1 }, facts],
  ])('does not hold for %s', (_, given, of) => {
    expect(stampHolds(given, of)).toBe(false);
  });
});

describe('renewedStamp', () => {
  it('keeps the runtimes seen earlier while the packages are the same', () => {
    const first = renewedStamp(null, 'abc', 'linux-x64-node20');
    const second = renewedStamp(first, 'abc', 'linux-x64-node24');
    expect(second.runtimes).toEqual(['linux-x64-node20', 'linux-x64-node24']);
    expect(renewedStamp(second, 'abc', 'linux-x64-node20').runtimes).toEqual(second.runtimes);
  });

  it('forgets them when the packages change', () => {
    const first = renewedStamp(null, 'abc', 'linux-x64-node20');
    expect(renewedStamp(first, 'def', 'linux-x64-node24').runtimes).toEqual(['linux-x64-node24']);
  });
});

describe('isPrepared', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'stamp-'));
    await writeFile(join(root, 'package-lock.json'), '{}');
    await mkdir(join(root, 'node_modules/@tensorflow/tfjs-node/lib'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  const stampNow = (): void => {
    writeStamp(root, renewedStamp(readStamp(root), lockfileDigest(root), currentRuntime()));
  };

  it('says yes after the stamp was written, until package-lock.json or node_modules change', async () => {
    expect(isPrepared(root)).toBe(false);
    stampNow();
    expect(isPrepared(root)).toBe(true);
    await writeFile(join(root, 'package-lock.json'), '{ }');
    expect(isPrepared(root)).toBe(false);
    stampNow();
    expect(isPrepared(root)).toBe(true);
    await rm(join(root, 'node_modules'), { recursive: true });
    expect(isPrepared(root)).toBe(false);
  });

  it.each(['', 'not json', 'null', '{"recipe":1}'])('takes a broken stamp for none: %j', async (content) => {
    await writeFile(stampFile(root), content);
    expect(isPrepared(root)).toBe(false);
  });
});
