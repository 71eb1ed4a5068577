import { describe, expect, it } from '@jest/globals';
import { report, text } from './plan.ts';

describe('errors of the file as a whole', () => {
  it('an empty file', async () => {
    const yaml = '';
    expect(await report(yaml)).toBe(text`
      pipeline.yaml: the file is empty
        it needs at least stages: with one stage
    `);
  });

  it('a file of comments only', async () => {
    const yaml = text`
      # nothing yet
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml: the file is empty
        it needs at least stages: with one stage
    `);
  });

  it('a list', async () => {
    const yaml = text`
      - ingest
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:1: the file must be a map of keys
        - ingest
        ^
        it needs at least stages: with one stage
    `);
  });

  it('stages misspelt', async () => {
    const yaml = text`
      stage:
        ingest: {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:1: unknown key stage
        stage:
        ^^^^^
        did you mean stages?
    `);
  });

  it('no stages', async () => {
    const yaml = text`
      profiles: {}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml: stages is missing
        it needs at least stages: with one stage
    `);
  });

  it('stages without a value', async () => {
    const yaml = text`
      stages:
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:1: stages must be a map, not null
        stages:
        ^^^^^^
    `);
  });

  it('stages without a stage', async () => {
    const yaml = text`
      stages: {}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:1: stages has no stage
        stages: {}
        ^^^^^^
    `);
  });

  it('stages as a list', async () => {
    const yaml = text`
      stages: [ingest]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:9: stages must be a map, not a list
        stages: [ingest]
                ^^^^^^^^
    `);
  });

  it('a misspelt key, x- keys aside', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
      profils: {}
      x-common: {}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:3:1: unknown key profils
        profils: {}
        ^^^^^^^
        did you mean profiles?
    `);
  });

  it('a cache that is no text', async () => {
    const yaml = text`
      cache: [s3://bucket]
      stages:
        ingest: {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:8: cache must be text, not a list
        cache: [s3://bucket]
               ^^^^^^^^^^^^^
    `);
  });

  it('a cache that lies nowhere', async () => {
    const yaml = text`
      cache: gs://bucket
      stages:
        ingest: {uses: ingest}
      profiles:
        ci: {cache: 's3://bucket?acess=read'}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:8: cache must be s3://bucket/prefix, file:///folder or the path of a folder; gs: is none of these
        cache: gs://bucket
               ^^^^^^^^^^^
      pipeline.yaml:5:15: cache of profile ci must have no option acess; did you mean access?
          ci: {cache: 's3://bucket?acess=read'}
                      ^^^^^^^^^^^^^^^^^^^^^^^^
    `);
  });

  it('YAML that ends too early', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest
        audio: {uses: preprocess}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:3:3: not valid YAML: flow map in block collection must be sufficiently indented and end with a }
          audio: {uses: preprocess}
          ^
    `);
  });

  it('a tab as indentation', async () => {
    const yaml = 'stages:\n\tingest: {uses: ingest}\n';
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:1: not valid YAML: tabs are not allowed as indentation
        	ingest: {uses: ingest}
        ^
    `);
  });

  it('a tag', async () => {
    const yaml = text`
      stages: !every
        ingest: {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:1:9: not valid YAML: unresolved tag: !every
        stages: !every
                ^^^^^^
    `);
  });

  it('two documents', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
      ---
      stages: {}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:3:1: a second document begins here, but a pipeline is one
        ---
        ^
    `);
  });

  it('a stage written twice', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest}
        audio: {uses: preprocess, in: {clips: ingest}}
        ingest: {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:4:3: ingest is written twice
          ingest: {uses: ingest}
          ^^^^^^
        the first is on line 2
    `);
  });

  it('a key written twice', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest, uses: preprocess}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:26: uses is written twice
          ingest: {uses: ingest, uses: preprocess}
                                 ^^^^
        the first is on line 2
    `);
  });

  it('a key that is no name', async () => {
    const yaml = text`
      stages:
        ? [ingest]
        : {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:5: a key must be a name
          ? [ingest]
            ^^^^^^^^
    `);
  });

  it('an alias without its anchor', async () => {
    const yaml = text`
      stages:
        ingest: *common
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:11: the alias names no anchor above it
          ingest: *common
                  ^^^^^^^
    `);
  });

  it('an alias of what it lies in', async () => {
    const yaml = text`
      stages: &all
        ingest: *all
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:11: an alias cannot contain itself
          ingest: *all
                  ^^^^
    `);
  });

  it('a merge of what is no map', async () => {
    const yaml = text`
      stages:
        ingest: {uses: ingest, <<: 3}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:30: << takes a map or a list of maps
          ingest: {uses: ingest, <<: 3}
                                     ^
    `);
  });

  it('lines that end in CR LF', async () => {
    const yaml = 'stages:\r\n  ingest: {uses: ingst}\r\n';
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:18: unknown kind ingst
          ingest: {uses: ingst}
                         ^^^^^
        did you mean ingest?
    `);
  });
});
