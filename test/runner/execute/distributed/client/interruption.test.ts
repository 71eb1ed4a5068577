import { describe, expect, it } from '@jest/globals';
import { PassThrough } from 'node:stream';
import { decideInterruption } from '../../../../../runner/execute/distributed/client/interruption.ts';

/** A terminal at which these keys are pressed. */
function terminal(keys: readonly string[]) {
  const stream = new PassThrough();
  const raw: boolean[] = [];
  const input = Object.assign(stream, {
    isTTY: true,
    setRawMode(on: boolean) {
      raw.push(on);
      return input;
    },
  }) as unknown as NodeJS.ReadStream;
  keys.forEach((key, at) => setTimeout(() => stream.write(key), 20 * (at + 1)));
  return { input, raw };
}

describe('an interrupted client', () => {
  it('does as the command line says, and asks nobody', async () => {
    const { input, raw } = terminal([]);
    const questions: string[] = [];
    expect(
      await decideInterruption('detach', 'stages run on workers', (text) => questions.push(text), input),
    ).toBe('detach');
    expect({ questions, raw }).toEqual({ questions: [], raw: [] });
  });

  it('cancels where nobody can be asked', async () => {
    const { input } = terminal([]);
    const nobody = Object.assign(input, { isTTY: false });
    expect(await decideInterruption(undefined, 'stages run on workers', () => undefined, nobody)).toBe(
      'cancel',
    );
  });

  it.each([
    [['d'], 'detach'],
    [['x', 'D'], 'detach'],
    [['c'], 'cancel'],
    [['\u0003'], 'cancel'],
  ])('asks at a terminal: %j', async (keys, decision) => {
    const { input, raw } = terminal(keys);
    const questions: string[] = [];
    expect(
      await decideInterruption(undefined, 'stages run on workers', (text) => questions.push(text), input),
    ).toBe(decision);
    expect(questions).toEqual([
      'stages run on workers: press d to detach and let them go on, c to cancel them',
    ]);
    expect(raw).toEqual([true, false]);
  });
});
