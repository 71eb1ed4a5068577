import { describe, expect, it } from '@jest/globals';
import { onBase, report, text } from './plan.ts';

describe('errors in the keys of a stage', () => {
  it('a stage that is no map', async () => {
    const yaml = text`
      stages:
        ingest: ingest
        audio:
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:3: ingest must be a map of its keys, such as uses
          ingest: ingest
          ^^^^^^
      pipeline.yaml:3:3: audio must be a map of its keys, such as uses
          audio:
          ^^^^^
    `);
  });

  it('a name that cannot be', async () => {
    const yaml = text`
      stages:
        a.b: {uses: ingest}
        "c[1]": {uses: ingest}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:2:3: a stage cannot be named "a.b"
          a.b: {uses: ingest}
          ^^^
        a name is letters, digits, _ and -
      pipeline.yaml:3:3: a stage cannot be named "c[1]"
          "c[1]": {uses: ingest}
          ^^^^^^
        a name is letters, digits, _ and -
    `);
  });

  it('neither kind nor command', async () => {
    const yaml = onBase`
      extra: {in: {clips: ingest}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:3: extra has neither uses nor run
          extra: {in: {clips: ingest}}
          ^^^^^
        add uses: KIND, or run: COMMAND
    `);
  });

  it('both kind and command', async () => {
    const yaml = onBase`
      extra: {uses: ingest, run: ls}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:25: extra has both uses and run
          extra: {uses: ingest, run: ls}
                                ^^^
        a stage uses a kind or runs a command
    `);
  });

  it('a kind with the keys of a command', async () => {
    const yaml = onBase`
      extra: {uses: ingest, deps: [a], outs: [b]}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:25: extra uses a kind, which takes no deps
          extra: {uses: ingest, deps: [a], outs: [b]}
                                ^^^^
        deps belongs to run: COMMAND
      pipeline.yaml:6:36: extra uses a kind, which takes no outs
          extra: {uses: ingest, deps: [a], outs: [b]}
                                           ^^^^
        outs belongs to run: COMMAND
    `);
  });

  it('unknown keys', async () => {
    const yaml = onBase`
      extra:
        uses: ingest
        wiht: {root: x}
        resources: {cpu: 2}
        colour: red
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:8:5: extra has no key wiht
            wiht: {root: x}
            ^^^^
        did you mean with?
      pipeline.yaml:9:17: resources of extra has no key cpu
            resources: {cpu: 2}
                        ^^^
        did you mean cpus?
      pipeline.yaml:10:5: extra has no key colour
            colour: red
            ^^^^^^
        there are: description, uses, run, shell, deps, outs, in, env, with, matrix, exclude, include, … (17 in all)
    `);
  });

  it('wrong types', async () => {
    const yaml = onBase`
      extra:
        uses: 3
        in: [a]
        with: 4
        matrix: [1]
        when: 3
        retries: many
        timeout: []
        deps: x
        resources: 2
        rowErrors: [skip]
        description: {a: 1}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:7:11: uses of extra must be text, not 3
            uses: 3
                  ^
      pipeline.yaml:8:9: in of extra must be a map, not a list
            in: [a]
                ^^^
      pipeline.yaml:9:11: with of extra must be a map, not 4
            with: 4
                  ^
      pipeline.yaml:10:13: matrix of extra must be a map, not a list
            matrix: [1]
                    ^^^
      pipeline.yaml:11:11: when of extra must be text, not 3
            when: 3
                  ^
      pipeline.yaml:12:14: retries of extra must be a number, not "many"
            retries: many
                     ^^^^
      pipeline.yaml:13:14: timeout of extra must be text or a number, not an empty list
            timeout: []
                     ^^
      pipeline.yaml:14:11: deps of extra must be a list, not "x"
            deps: x
                  ^
      pipeline.yaml:15:16: resources of extra must be a map, not 2
            resources: 2
                       ^
      pipeline.yaml:16:16: rowErrors of extra must be one of fail, skip, not a list
            rowErrors: [skip]
                       ^^^^^^
      pipeline.yaml:17:18: description of extra must be text, not a map
            description: {a: 1}
                         ^^^^^^
    `);
  });

  it('wrong types further in', async () => {
    const yaml = onBase`
      extra:
        uses: ingest
        in: {files: {a: 1}, more: [3]}
        matrix: {a: 1, b: [[1]], c: [null]}
        include: [3]
        exclude: {a: 1}
        outs: [3]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:8:17: in.files of extra must be text or a list, not a map
            in: {files: {a: 1}, more: [3]}
                        ^^^^^^
      pipeline.yaml:8:32: in.more[0] of extra must be text, not 3
            in: {files: {a: 1}, more: [3]}
                                       ^
      pipeline.yaml:9:17: matrix.a of extra must be a list, not 1
            matrix: {a: 1, b: [[1]], c: [null]}
                        ^
      pipeline.yaml:9:24: matrix.b[0] of extra must be text, a number or true or false, not a list
            matrix: {a: 1, b: [[1]], c: [null]}
                               ^^^
      pipeline.yaml:9:34: matrix.c[0] of extra must be text, a number or true or false, not null
            matrix: {a: 1, b: [[1]], c: [null]}
                                         ^^^^
      pipeline.yaml:10:15: include[0] of extra must be a map, not 3
            include: [3]
                      ^
      pipeline.yaml:11:14: exclude of extra must be a list, not a map
            exclude: {a: 1}
                     ^^^^^^
      pipeline.yaml:12:12: outs[0] of extra must be text, not 3
            outs: [3]
                   ^
    `);
  });

  it('values out of range', async () => {
    const yaml = onBase`
      extra:
        uses: ""
        retries: -1
        timeout: 5x
        rowErrors: skp
        resources: {cpus: 0, memory: lots}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:7:11: uses of extra must be text that is not empty
            uses: ""
                  ^^
      pipeline.yaml:8:14: retries of extra must be at least 0, not -1
            retries: -1
                     ^^
      pipeline.yaml:9:14: timeout of extra must be a duration as in 30m or 1h30m
            timeout: 5x
                     ^^
      pipeline.yaml:10:16: rowErrors of extra must be one of fail, skip, not "skp"
            rowErrors: skp
                       ^^^
        did you mean skip?
      pipeline.yaml:11:23: resources.cpus of extra must be at least 1, not 0
            resources: {cpus: 0, memory: lots}
                              ^
      pipeline.yaml:11:34: resources.memory of extra must be a size as in 2GB or 512MiB
            resources: {cpus: 0, memory: lots}
                                         ^^^^
    `);
  });

  it('cpus that are no count', async () => {
    const yaml = onBase`
      a: {uses: ingest, resources: {cpus: some}}
      b: {uses: ingest, resources: {cpus: 1.5}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:39: resources.cpus of a must be a number or "all", not "some"
          a: {uses: ingest, resources: {cpus: some}}
                                              ^^^^
      pipeline.yaml:7:39: resources.cpus of b must be an integer or "all", not 1.5
          b: {uses: ingest, resources: {cpus: 1.5}}
                                              ^^^
    `);
  });

  it('an unknown kind', async () => {
    const yaml = onBase`
      a: {uses: features/mfc, in: {clips: ingest}}
      b: {uses: something-else}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:13: unknown kind features/mfc
          a: {uses: features/mfc, in: {clips: ingest}}
                    ^^^^^^^^^^^^
        did you mean features/mfcc?
      pipeline.yaml:7:13: unknown kind something-else
          b: {uses: something-else}
                    ^^^^^^^^^^^^^^
        kinds: ingest, preprocess, features/mfcc, features/encoder, train/split, train/lstm, train/cnn, train/cnn-lstm, train/random-forest, evaluate
    `);
  });

  it('an unknown kind by one value of the matrix', async () => {
    const yaml = onBase`
      train:
        uses: train/\${model}
        matrix: {model: [cnn, lstmm]}
        in: {features: mfcc, split: split}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:8:27: unknown kind train/lstmm
            matrix: {model: [cnn, lstmm]}
                                  ^^^^^
        did you mean train/lstm?
    `);
  });

  it('unknown kinds by every value of the matrix', async () => {
    const yaml = onBase`
      train:
        uses: trian/\${model}
        matrix: {model: [cnn, lstm]}
        in: {features: mfcc, split: split}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:7:11: unknown kind trian/cnn
            uses: trian/\${model}
                  ^^^^^^^^^^^^^^
        did you mean train/cnn?
      pipeline.yaml:7:11: unknown kind trian/lstm
            uses: trian/\${model}
                  ^^^^^^^^^^^^^^
        did you mean train/lstm?
    `);
  });

  it('a place far to the right', async () => {
    const yaml = onBase`
      extra: {uses: ingest, description: "a text so long that the line has to be cut to what surrounds its fault", rtries: 3, timeout: 30m, resources: {cpus: 3, memory: 2GB}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:112: extra has no key rtries
        to be cut to what surrounds its fault", rtries: 3, timeout: 30m, resources: {cpus: 3, memory: 2GB}}
                                                ^^^^^^
        did you mean retries?
    `);
  });

  it('one fault only where others take in the stage', async () => {
    const yaml = onBase`
      a: {uses: ingest, wiht: {}}
      b: {uses: preprocess, in: {clips: a}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:21: a has no key wiht
          a: {uses: ingest, wiht: {}}
                            ^^^^
        did you mean with?
    `);
  });
});
