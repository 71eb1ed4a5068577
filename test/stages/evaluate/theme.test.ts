import { describe, expect, it } from '@jest/globals';
import {
  color,
  contrast,
  heatStep,
  heatSteps,
  tokens,
  withColors,
  type Token,
} from '../../../stages/evaluate/theme.ts';

const themes = ['light', 'dark'] as const;
const shade = (token: Token, theme: (typeof themes)[number]): string => tokens.get(token)![theme];

describe('the colours', () => {
  it('have the contrasts that WCAG gives for known pairs', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(themes)('let all text be read in the %s theme (WCAG AA, 4.5)', (theme) => {
    const pairs: [Token, Token][] = [
      ...(['background', 'surface', 'accent-soft', 'caution-soft', 'sound-soft'] as const).map(
        (ground): [Token, Token] => ['text', ground],
      ),
      ['muted', 'background'],
      ['muted', 'surface'],
      ['muted', 'accent-soft'],
      ['accent', 'background'],
      ['accent', 'surface'],
      ['accent', 'accent-soft'],
      ['caution', 'caution-soft'],
      ['sound', 'sound-soft'],
      ['background', 'text'],
      ...Array.from({ length: heatSteps + 1 }, (_, step): [Token, Token] => [
        `heat-text-${step}`,
        `heat-${step}`,
      ]),
    ];
    for (const [ink, ground] of pairs) {
      expect({ ink, ground, readable: contrast(shade(ink, theme), shade(ground, theme)) >= 4.5 }).toEqual({
        ink,
        ground,
        readable: true,
      });
    }
  });

  it.each(themes)('let the marks of charts be seen in the %s theme (WCAG AA, 3)', (theme) => {
    for (const mark of ['accent', 'second', 'muted'] as const) {
      expect(contrast(shade(mark, theme), shade('surface', theme))).toBeGreaterThanOrEqual(3);
    }
  });

  it('grow darker or lighter step by step along the sequential scale', () => {
    const away = (theme: 'light' | 'dark'): number[] =>
      Array.from({ length: heatSteps + 1 }, (_, step) =>
        contrast(shade(`heat-${step}`, theme), shade('surface', theme)),
      );
    for (const theme of themes) expect(away(theme)).toEqual(away(theme).toSorted((a, b) => a - b));
  });

  it('give every share its step, and only nothing the step of nothing', () => {
    expect([0, 0.001, 0.04, 0.05, 0.5, 0.96, 1].map(heatStep)).toEqual([0, 1, 1, 1, 5, 10, 10]);
  });

  it('are put in where custom properties are not understood', () => {
    expect(withColors(`fill="${color('surface')}" stroke="var(--unknown)"`, 'light')).toBe(
      'fill="#ffffff" stroke="var(--unknown)"',
    );
  });
});
