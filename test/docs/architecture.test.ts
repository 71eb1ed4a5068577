import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { picture } from '../../scripts/architecture-picture.mjs';

it('the picture of the architecture is as its script draws it', () => {
  // Where this fails: node scripts/architecture-picture.mjs
  expect(readFileSync('docs/pictures/architecture.svg', 'utf8')).toBe(picture());
});
