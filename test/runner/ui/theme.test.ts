import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { contrast, type Shade, tokens } from '../../../stages/evaluate/theme.ts';

const sheet = await readFile('runner/ui/page/style/tokens.css', 'utf8');
const [light, dark] = sheet.split('@media').map((part) => {
  const found = [...part.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)];
  return new Map(found.map(([, name, colour]) => [name, colour]));
});

describe('the colours of the page', () => {
  it('are those of the report', () => {
    for (const [theme, colours] of [
      ['light', light],
      ['dark', dark],
    ] as [keyof Shade, Map<string, string>][]) {
      const shared = [...colours].filter(([name]) => !name.startsWith('danger'));
      expect(shared.length).toBeGreaterThan(10);
      for (const [name, colour] of shared) {
        expect([name, colour]).toEqual([name, tokens.get(name as never)?.[theme]]);
      }
    }
  });

  it('let every text be read on every ground', () => {
    for (const colours of [light, dark]) {
      for (const ground of ['background', 'surface']) {
        for (const text of ['text', 'muted', 'accent', 'caution', 'sound', 'danger']) {
          const value = contrast(colours.get(text)!, colours.get(ground)!);
          expect([text, ground, value >= 4.5]).toEqual([text, ground, true]);
        }
      }
      expect(contrast(colours.get('danger')!, colours.get('danger-soft')!)).toBeGreaterThanOrEqual(4.5);
    }
  });
});
