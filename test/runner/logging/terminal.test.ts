import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Event } from '../../../runner/events.ts';
import { createLogger, type Logger, type LoggerOptions } from '../../../runner/logging/logger.ts';
import { terminalLogger } from '../../../runner/logging/terminal.ts';
import { at, cached, failed, finished, over, runs, started } from './events.ts';
import { FakeTerminal } from './fake-terminal.ts';

const quietly: LoggerOptions = {
  format: 'text',
  verbose: false,
  quiet: false,
  reportOf: () => '/nowhere/report.html',
  logOf: () => '/nowhere/stage.log',
};

/** Instances of a run of forty stages. */
const forty = [
  'ingest',
  ...Array.from({ length: 9 }, (_, rate) => `audio[${8000 * (rate + 1)}]`),
  ...Array.from({ length: 29 }, (_, model) => `train[model-${model},mfcc]`),
  'evaluate',
];

describe('the live view', () => {
  let now: number;
  let open: Logger[];
  beforeEach(() => {
    jest.useFakeTimers();
    now = 0;
    open = [];
  });
  afterEach(() => {
    for (const logger of open) logger.close();
    jest.useRealTimers();
  });

  const view = (terminal: FakeTerminal, options: Partial<LoggerOptions> = {}) => {
    const logger = terminalLogger(terminal, { ...quietly, ...options }, () => now);
    open.push(logger);
    return (event: Event): void => {
      logger.log(event);
    };
  };
  const wait = (milliseconds: number): void => {
    now += milliseconds;
    jest.advanceTimersByTime(milliseconds);
  };

  it('shows what runs, how fast and how long it will take, and counts the rest', () => {
    const terminal = new FakeTerminal(100, 24);
    const log = view(terminal);
    log(started('ingest', 'mfcc', 'train[cnn,mfcc]', 'evaluate'));
    log(cached('ingest'));
    log(runs('mfcc'));
    log(at('mfcc', 0, 1440));
    wait(4000);
    log(at('mfcc', 360, 1440));
    log(runs('train[cnn,mfcc]'));
    log(at('train[cnn,mfcc]', 12, 90, 'epochs', { loss: 0.31234, accuracy: 0.625 }));
    wait(1000);
    expect(terminal.screen).toEqual([
      'mfcc             ━━━━╌╌╌╌╌╌╌╌╌╌╌╌  360/1440 rows  90 rows/s  12 s left',
      'train[cnn,mfcc]  ━━╌╌╌╌╌╌╌╌╌╌╌╌╌╌  12/90 epochs  loss 0.312  accuracy 0.625  1 s',
      '1/4 stages  1 cached  2 running  1 waiting  5 s',
    ]);
  });

  it('leaves a line for each stage that is done, and a summary that says what was cached and why what ran ran', () => {
    const terminal = new FakeTerminal(100, 24);
    const log = view(terminal);
    log(started('ingest', 'mfcc', 'train[cnn]', 'train[lstm]', 'evaluate'));
    log(cached('ingest'));
    log(runs('mfcc', 'params.coefficients 40 → 13'));
    wait(300);
    log(finished('mfcc', 2300, 1440));
    for (const stage of ['train[cnn]', 'train[lstm]', 'evaluate']) {
      log(runs(stage, 'input features changed'));
      log(finished(stage, 1000));
    }
    log(over({ ran: ['mfcc', 'train[cnn]', 'train[lstm]', 'evaluate'], cached: ['ingest'] }));
    expect(terminal.screen).toEqual([
      'mfcc: done in 2.3 s, 1440 rows',
      'train[cnn]: done in 1.0 s',
      'train[lstm]: done in 1.0 s',
      'evaluate: done in 1.0 s',
      'done in 12.3 s: 4 ran, 1 cached',
      '  ran: mfcc (params.coefficients 40 → 13)',
      '  ran: train[*], evaluate (input features changed)',
      '  cached: ingest',
    ]);
  });

  it('stays calm with forty stages', () => {
    const terminal = new FakeTerminal(80, 24);
    const log = view(terminal);
    log(started(...forty));
    log(cached('ingest'));
    for (const stage of forty.slice(1, 10)) log(cached(stage));
    for (const stage of forty.slice(10, 30)) log(runs(stage));
    wait(2000);
    expect(terminal.screen).toEqual([
      ...forty.slice(10, 17).map((stage) => `${stage.padEnd(19)}  2 s`),
      '… and 13 more',
      '10/40 stages  10 cached  20 running  10 waiting  2 s',
    ]);
    const before = terminal.written.length;
    wait(400);
    // Less than a second later there is nothing new to draw.
    expect(terminal.written.length).toBe(before);
    for (const stage of forty.slice(10)) {
      log(runs(stage));
      log(finished(stage, 500));
    }
    expect(terminal.screen).toEqual(forty.slice(10).map((stage) => `${stage}: done in 500 ms`));
    log(over({ ran: forty.slice(10), cached: forty.slice(0, 10) }));
    expect(terminal.screen.slice(30)).toEqual([
      'done in 12.3 s: 30 ran, 10 cached',
      '  ran: train[*], evaluate (never ran)',
      '  cached: ingest, audio[*]',
    ]);
  });

  it('fits into forty columns', () => {
    const terminal = new FakeTerminal(40, 24);
    const log = view(terminal);
    log(started('mfcc', 'train[cnn-lstm-with-attention,wav2vec2]', 'evaluate'));
    log(runs('mfcc'));
    log(at('mfcc', 0, 1440));
    log(runs('train[cnn-lstm-with-attention,wav2vec2]'));
    wait(2000);
    log(at('mfcc', 720, 1440));
    log(at('train[cnn-lstm-with-attention,wav2vec2]', 3, 30, 'epochs', { loss: 1.5 }));
    wait(200);
    expect(terminal.screen).toEqual([
      'mfcc           720/1440 rows  2 s left',
      'train[cnn-ls…  3/30 epochs  2 s',
      '0/3 stages  2 running  1 waiting  2 s',
    ]);
    expect(Math.max(...terminal.screen.map((line) => line.length))).toBeLessThan(40);
  });

  it('shows no more lines than a low window has room for', () => {
    const terminal = new FakeTerminal(80, 9);
    const log = view(terminal);
    log(started(...forty));
    for (const stage of forty.slice(0, 10)) log(runs(stage));
    expect(terminal.screen).toHaveLength(4);
    expect(terminal.screen[2]).toBe('… and 8 more');
  });

  it('leaves nothing behind when the window becomes narrower or wider', () => {
    const terminal = new FakeTerminal(100, 24);
    const log = view(terminal);
    log(started('mfcc', 'evaluate'));
    log(runs('mfcc'));
    log(at('mfcc', 0, 1440));
    wait(2000);
    log(at('mfcc', 720, 1440));
    wait(200);
    for (const width of [30, 61, 24, 100]) {
      terminal.resize(width);
      wait(200);
      expect(terminal.screen).toHaveLength(2);
      expect(terminal.screen[0].startsWith('mfcc')).toBe(true);
    }
    log(finished('mfcc', 4000));
    expect(terminal.screen).toEqual(['mfcc: done in 4.0 s']);
  });

  it('shows a failure, and lists it again at the end with all that was skipped for it', () => {
    const terminal = new FakeTerminal(80, 24);
    const log = view(terminal);
    log(started('mfcc', 'train', 'evaluate'));
    log(runs('mfcc'));
    log(failed('mfcc', 'no such file'));
    log({ type: 'stage-skipped', stage: 'train', because: 'mfcc gave no artifact' });
    log({ type: 'stage-skipped', stage: 'evaluate', because: 'train gave no artifact' });
    log(over({ ok: false, failed: ['mfcc'], skipped: ['train', 'evaluate'] }));
    expect(terminal.screen).toEqual([
      'mfcc: failed',
      'mfcc: no such file',
      '  all it printed: artifacts/.cache/runs/r1/logs/x.log',
      'failed in 12.3 s: 0 ran, 0 cached, 1 failed, 2 skipped',
      '  failed: mfcc',
      '  skipped: train, evaluate (mfcc gave no artifact)',
    ]);
  });

  it('says with --verbose why each stage runs, what it printed, and what was cached', () => {
    const folder = mkdtempSync(join(tmpdir(), 'logging-'));
    writeFileSync(join(folder, 'mfcc.log'), 'one line\nanother\n');
    const terminal = new FakeTerminal(80, 24);
    const log = view(terminal, { verbose: true, logOf: (_, stage) => join(folder, `${stage}.log`) });
    log(started('ingest', 'mfcc'));
    log(cached('ingest'));
    log(runs('mfcc', 'forced by --force'));
    log(finished('mfcc', 1000));
    expect(terminal.screen).toEqual([
      'ingest: cached, made by run r0',
      'mfcc: runs, forced by --force',
      'mfcc | one line',
      'mfcc | another',
      'mfcc: done in 1.0 s',
    ]);
    rmSync(folder, { recursive: true });
  });

  it('has colours only where they are wanted', () => {
    for (const colour of [true, false]) {
      const terminal = new FakeTerminal(80, 24, { colour });
      const log = view(terminal);
      log(started('mfcc'));
      log(runs('mfcc'));
      log(at('mfcc', 1, 2));
      wait(200);
      log(finished('mfcc', 1000));

      expect(/\u001b\[\d+m/.test(terminal.written)).toBe(colour);
    }
  });
});

describe('a logger where nothing can be rewritten', () => {
  /** All that a run writes there. */
  const written = (options: Partial<LoggerOptions>, isTTY = false): string => {
    let text = '';
    const output = {
      stdout: () => undefined,
      stderr: (more: string) => (text += more),
      isTTY,
      width: 40,
      height: 24,
      colour: false,
    };
    const logger = createLogger(output, { ...quietly, ...options });
    logger.log(started('ingest', 'mfcc'));
    logger.log(cached('ingest'));
    logger.log(runs('mfcc', 'params.coefficients 40 → 13'));
    logger.log(at('mfcc', 1, 2));
    logger.log(finished('mfcc', 1000));
    logger.log(over({ ran: ['mfcc'], cached: ['ingest'] }));
    logger.close();
    return text;
  };

  it('writes a line when a stage starts and one when it is done, without control sequences', () => {
    expect(written({}).split('\n')).toEqual([
      'mfcc: runs, params.coefficients 40 → 13',
      'mfcc: done in 1.0 s',
      'done in 12.3 s: 1 ran, 1 cached',
      '  ran: mfcc (params.coefficients 40 → 13)',
      '  cached: ingest',
      '',
    ]);
  });

  it('says with --quiet only how it ended, on a terminal too', () => {
    for (const isTTY of [false, true]) {
      expect(written({ quiet: true }, isTTY)).toBe('done in 12.3 s: 1 ran, 1 cached\n');
    }
  });
});
