import { describe, expect, it } from '@jest/globals';
import { onBase, report, text } from './plan.ts';

describe('errors in a matrix', () => {
  it('no keys', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:46: the matrix of a has no keys
          a: {uses: preprocess, in: {clips: ingest}, matrix: {}}
                                                     ^^^^^^
    `);
  });

  it('no values', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: []}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:67: matrix.sampleRate of a must be a list of at least 1 entry, not an empty list
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: []}}
                                                                          ^^
    `);
  });

  it('values that are the same in a name', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 2, "1"]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:74: sampleRate of a lists 1 twice
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 2, "1"]}}
                                                                                 ^^^
    `);
  });

  it('values that cannot stand in a name', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: ["a,b", "*", "", "x]"]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:68: a matrix value cannot be "a,b"
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: ["a,b", "*", "", "x]"]}}
                                                                           ^^^^^
        it becomes part of a name as in train[cnn,mfcc]: no comma outside brackets, no single *, no \\, not only dots
      pipeline.yaml:6:75: a matrix value cannot be "*"
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: ["a,b", "*", "", "x]"]}}
                                                                                  ^^^
        it becomes part of a name as in train[cnn,mfcc]: no comma outside brackets, no single *, no \\, not only dots
      pipeline.yaml:6:80: a matrix value cannot be ""
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: ["a,b", "*", "", "x]"]}}
                                                                                       ^^
        it becomes part of a name as in train[cnn,mfcc]: no comma outside brackets, no single *, no \\, not only dots
      pipeline.yaml:6:84: a matrix value cannot be "x]"
        , matrix: {sampleRate: ["a,b", "*", "", "x]"]}}
                                                ^^^^
        it becomes part of a name as in train[cnn,mfcc]: no comma outside brackets, no single *, no \\, not only dots
    `);
  });

  it('values that would share a folder', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 1-2], trimDb: [2-3, 3]}}
      b: {run: show, matrix: {x: [a, A]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:46: a[1,2-3] and a[1-2,3] would share a folder of artifacts
          a: {uses: preprocess, in: {clips: ingest}, matrix: {sampleRate: [1, 1-2], trimDb: [2-3, 3]}}
                                                     ^^^^^^
        choose values that still differ when joined by -
      pipeline.yaml:7:18: b[a] and b[A] would share a folder of artifacts
          b: {run: show, matrix: {x: [a, A]}}
                         ^^^^^^
        choose values that still differ when joined by -
    `);
  });

  it('a key that changes nothing', async () => {
    const yaml = onBase`
      a: {uses: preprocess, in: {clips: ingest}, matrix: {rate: [1, 2]}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:55: matrix key rate of a changes nothing
          a: {uses: preprocess, in: {clips: ingest}, matrix: {rate: [1, 2]}}
                                                              ^^^^
        use \${rate} in uses, in or with, or name it as a param of the kind
    `);
  });

  it('unknown variables, once each', async () => {
    const yaml = onBase`
      a:
        uses: preprocess
        in: {clips: "audio[\${rate}]"}
        matrix: {sampleRate: [1, 2]}
        with: {trimDb: "\${smapleRate}"}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:8:17: \${rate} is no matrix key of a
            in: {clips: "audio[\${rate}]"}
                        ^^^^^^^^^^^^^^^^
        matrix keys of a: sampleRate
      pipeline.yaml:10:20: \${smapleRate} is no matrix key of a
            with: {trimDb: "\${smapleRate}"}
                           ^^^^^^^^^^^^^^^
        did you mean sampleRate?
    `);
  });

  it('a variable without a matrix', async () => {
    const yaml = onBase`
      a: {uses: "features/\${model}", in: {clips: ingest}}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:13: \${model} is no matrix key of a
          a: {uses: "features/\${model}", in: {clips: ingest}}
                    ^^^^^^^^^^^^^^^^^^^
        there are no matrix keys of a
    `);
  });

  it('a variable of the shell', async () => {
    const yaml = onBase`
      a: {run: "score \${HOME} $\${HOME} $HOME"}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:12: \${HOME} is no matrix key of a
          a: {run: "score \${HOME} $\${HOME} $HOME"}
                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        there are no matrix keys of a; a variable of the shell is written $\${HOME}
    `);
  });

  it('exclude and include without a matrix', async () => {
    const yaml = onBase`
      a: {uses: ingest, exclude: [{a: 1}], include: [{a: 1}]}
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:6:21: a has exclude but no matrix
          a: {uses: ingest, exclude: [{a: 1}], include: [{a: 1}]}
                            ^^^^^^^
      pipeline.yaml:6:40: a has include but no matrix
          a: {uses: ingest, exclude: [{a: 1}], include: [{a: 1}]}
                                               ^^^^^^^
    `);
  });

  it('unknown keys in exclude and include', async () => {
    const yaml = onBase`
      a:
        uses: preprocess
        in: {clips: ingest}
        matrix: {sampleRate: [1, 2]}
        exclude: [{rate: 1}]
        include: [{samplerate: 1}]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:16: the matrix of a has no key rate
            exclude: [{rate: 1}]
                       ^^^^
        matrix keys: sampleRate
      pipeline.yaml:11:16: the matrix of a has no key samplerate
            include: [{samplerate: 1}]
                       ^^^^^^^^^^
        did you mean sampleRate?
    `);
  });

  it('an exclude that matches nothing', async () => {
    const yaml = onBase`
      a:
        uses: preprocess
        in: {clips: ingest}
        matrix: {sampleRate: [1, 2]}
        exclude: [{sampleRate: 3}]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:15: exclude of a matches nothing: sampleRate: 3
            exclude: [{sampleRate: 3}]
                      ^^^^^^^^^^^^^^^
    `);
  });

  it('an exclude of everything', async () => {
    const yaml = onBase`
      a:
        uses: preprocess
        in: {clips: ingest}
        matrix: {sampleRate: [1, 2]}
        exclude: [{sampleRate: 1}, {sampleRate: 2}]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:9:5: exclude leaves a without instances
            matrix: {sampleRate: [1, 2]}
            ^^^^^^
    `);
  });

  it('an include that is not whole, or there already', async () => {
    const yaml = onBase`
      a:
        uses: preprocess
        in: {clips: ingest}
        matrix: {sampleRate: [1, 2], trimDb: [20]}
        include: [{sampleRate: 1}, {sampleRate: 1, trimDb: 20}]
    `;
    expect(await report(yaml)).toBe(text`
      pipeline.yaml:10:15: include of a gives no trimDb
            include: [{sampleRate: 1}, {sampleRate: 1, trimDb: 20}]
                      ^^^^^^^^^^^^^^^
      pipeline.yaml:10:32: include of a repeats a[1,20]
            include: [{sampleRate: 1}, {sampleRate: 1, trimDb: 20}]
                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^
    `);
  });
});
