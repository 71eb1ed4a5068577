import { describe, expect, it } from '@jest/globals';
import {
  compact,
  count,
  counted,
  list,
  percent,
  points,
  pValue,
  seconds,
} from '../../../stages/evaluate/text/format.ts';

describe('figures as text', () => {
  it.each([
    [percent(0.6389), '63.9%'],
    [percent(0.5, 0), '50%'],
    [points(-0.244), '24.4 points'],
    [points(0.01), '1.0 point'],
    [count(305864), '305,864'],
    [count(999), '999'],
    [counted(1, 'clip'), '1 clip'],
    [counted(1440, 'clip'), '1,440 clips'],
    [compact(0), '0'],
    [compact(0.001), '0.001'],
    [compact(1e-6), '1.0e-6'],
    [compact(0.123456), '0.1235'],
    [seconds(0.26), '0.26 s'],
    [seconds(9.999), '10.0 s'],
    [seconds(59.96), '1 min 00 s'],
    [seconds(185), '3 min 05 s'],
    [seconds(3725), '1 h 02 min'],
    [pValue(0.0321), 'p\u00a0=\u00a00.032'],
    [pValue(0.0001), 'p\u00a0<\u00a00.001'],
    [list([]), ''],
    [list(['a']), 'a'],
    [list(['a', 'b']), 'a and b'],
    [list(['a', 'b', 'c'], 'or'), 'a, b or c'],
  ])('%s', (written, expected) => {
    expect(written).toBe(expected);
  });
});
