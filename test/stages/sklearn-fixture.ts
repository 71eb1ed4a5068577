import { readFileSync } from 'node:fs';

/** Reference values written by `scripts/fixtures/sklearn_fixtures.py`. */
export function sklearnFixture<Value>(name: string): Value {
  return JSON.parse(readFileSync(`test/fixtures/sklearn/${name}.json`, 'utf8')) as Value;
}
