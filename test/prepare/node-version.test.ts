import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { nodeTooOld, OLDEST_NODE } from '../../scripts/prepare/node-version.mjs';

describe('nodeTooOld', () => {
  it.each(['20.19.0', '20.20.2', '22.0.0', '24.1.0', '100.0.0'])('accepts %s', (version) => {
    expect(nodeTooOld(version)).toBeNull();
  });

  it.each(['20.18.3', '18.20.0', '8.0.0'])('refuses %s and says what is needed', (version) => {
    expect(nodeTooOld(version)).toContain(`pipeline needs Node ${OLDEST_NODE}`);
  });

  it('asks for what package.json asks for', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
  });
});
