import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../runner/events.ts';
import { Journal, JournalReader } from '../../../runner/record/journal.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';
import { until } from '../../support/until.ts';

const started: Event = { type: 'run-started', run: 'a', stages: ['mfcc'], leftOut: [] };
const finished: Event = {
  type: 'stage-finished',
  stage: 'mfcc',
  key: 'k',
  artifact: 'd',
  wallMs: 5,
  kept: true,
};
const progress = (done: number): Event => ({
  type: 'stage-progress',
  stage: 'mfcc',
  done,
  total: 9,
  unit: 'rows',
});

describe('the journal of a run', () => {
  const folder = useTemporaryFolder();
  const eventsOf = (reader: JournalReader): Event[] => reader.read().map(({ event }) => event);

  it('gives another reader each event once, in order, with when it happened', () => {
    const journal = new Journal(folder.file('runs/a/events.jsonl'));
    const reader = new JournalReader(folder.file('runs/a/events.jsonl'));
    expect(reader.read()).toEqual([]);
    const before = Date.now();
    journal.write(started);
    journal.write(finished);
    journal.close();
    const entries = reader.read();
    expect(entries.map(({ event }) => event)).toEqual([started, finished]);
    for (const { at } of entries) {
      expect(at).toBeGreaterThanOrEqual(before);
      expect(at).toBeLessThanOrEqual(Date.now());
    }
    expect(reader.read()).toEqual([]);
  });

  it('can be followed before it is closed', async () => {
    const journal = new Journal(folder.file('events.jsonl'));
    const reader = new JournalReader(folder.file('events.jsonl'));
    const seen: Event[] = [];
    journal.write(started);
    await until(() => seen.push(...eventsOf(reader)) > 0);
    journal.write(finished);
    await until(() => seen.push(...eventsOf(reader)) > 1);
    journal.close();
    expect(seen).toEqual([started, finished]);
  });

  it('keeps of the progress of a stage only the newest, before what ends it', () => {
    const journal = new Journal(folder.file('events.jsonl'));
    journal.write(started);
    for (let done = 1; done <= 9; done++) journal.write(progress(done));
    journal.write(finished);
    journal.close();
    expect(eventsOf(new JournalReader(folder.file('events.jsonl')))).toEqual([
      started,
      progress(9),
      finished,
    ]);
  });

  it('leaves no file where nothing happened', () => {
    new Journal(folder.file('none/events.jsonl')).close();
    expect(new JournalReader(folder.file('none/events.jsonl')).read()).toEqual([]);
  });

  it('waits for the rest of a line that is cut, and passes over one that stays broken', async () => {
    const path = folder.file('events.jsonl');
    const lines = [started, finished].map((event) => `${JSON.stringify({ at: 1, event })}\n`);
    await writeFile(path, lines[0] + lines[1].slice(0, 20));
    const reader = new JournalReader(path);
    expect(eventsOf(reader)).toEqual([started]);
    expect(eventsOf(reader)).toEqual([]);
    await appendFile(path, lines[1].slice(20));
    expect(eventsOf(reader)).toEqual([finished]);
    await appendFile(path, `{"at":1,"event":{"ty\n${lines[0]}`);
    expect(eventsOf(reader)).toEqual([started]);
  });

  it('reads lines longer than a portion', async () => {
    const long: Event = { type: 'notice', message: 'é'.repeat(900_000) };
    const path = folder.file('events.jsonl');
    await writeFile(
      path,
      [started, long, finished].map((event) => `${JSON.stringify({ at: 1, event })}\n`).join(''),
    );
    expect(eventsOf(new JournalReader(path))).toEqual([started, long, finished]);
  });

  it('stops no run where it cannot be written', async () => {
    await mkdir(folder.file('events.jsonl'));
    const journal = new Journal(folder.file('events.jsonl'));
    journal.write(started);
    expect(() => {
      journal.close();
    }).not.toThrow();
  });
});
