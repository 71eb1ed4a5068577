import { describe, expect, it } from '@jest/globals';
import { Slots } from '../../../../../runner/execute/temporal/worker/slots.ts';

const context = {};
const never = new AbortController().signal;

/** Asks for a permit, and tells whether it has been given. */
function ask(
  slots: Slots,
  signal = never,
): { readonly given: () => boolean; readonly failed: () => unknown } {
  let given = false;
  let failure: unknown;
  slots.supplier.reserveSlot(context, signal).then(
    () => (given = true),
    (error: unknown) => (failure = error),
  );
  return { given: () => given, failed: () => failure };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the slots of a worker', () => {
  it('are given out up to their number, and to those who wait as they become free', async () => {
    const slots = new Slots(2);
    const asked = [ask(slots), ask(slots), ask(slots), ask(slots)];
    await turn();
    expect(asked.map(({ given }) => given())).toEqual([true, true, false, false]);
    slots.supplier.releaseSlot(context);
    await turn();
    expect(asked.map(({ given }) => given())).toEqual([true, true, true, false]);
  });

  it('are one more while an activity is about to end, and no more than before once it has', async () => {
    const slots = new Slots(1);
    const asked = [ask(slots), ask(slots), ask(slots)];
    const ended = slots.endsSoon();
    await turn();
    expect(asked.map(({ given }) => given())).toEqual([true, true, false]);
    // The activity returns, and the SDK gives its slot back a moment later.
    ended();
    await turn();
    expect(asked[2].given()).toBe(false);
    slots.supplier.releaseSlot(context);
    await turn();
    expect(asked[2].given()).toBe(false);
    slots.supplier.releaseSlot(context);
    await turn();
    expect(asked[2].given()).toBe(true);
  });

  it('are not given to those who have given up', async () => {
    const slots = new Slots(1);
    const giving = new AbortController();
    const [, second, third] = [ask(slots), ask(slots, giving.signal), ask(slots)];
    giving.abort(new Error('no longer needed'));
    slots.supplier.releaseSlot(context);
    await turn();
    expect(second.failed()).toMatchObject({ message: 'no longer needed' });
    expect([second.given(), third.given()]).toEqual([false, true]);
  });

  it('are tried for without waiting, after those who wait', () => {
    const slots = new Slots(1);
    expect(slots.supplier.tryReserveSlot(context)).not.toBeNull();
    expect(slots.supplier.tryReserveSlot(context)).toBeNull();
    slots.supplier.releaseSlot(context);
    expect(slots.supplier.tryReserveSlot(context)).not.toBeNull();
  });
});
