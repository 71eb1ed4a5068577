import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Records } from '../../../runner/packed/records.ts';
import { whyNoDisk } from '../../support/small-disk.ts';
import { useTemporaryFolder } from '../../support/temporary-folder.ts';

const folder = useTemporaryFolder();

const reason = whyNoDisk();
if (reason !== undefined) console.warn(`skipped a full disk: ${reason}`);
const withDisk = reason === undefined ? it : it.skip;

/** Some kB each, or longer than a block: lists of a hundred lie in memory, half and wholly in a file. */
const lengths = fc.array(fc.oneof(fc.nat(9000), fc.integer({ min: 32_000, max: 70_000 })), {
  maxLength: 150,
});

/** The bytes of a record, which tell it from all others. */
function recordOf(number: number, length: number): Buffer {
  return Buffer.alloc(length, `${number},`);
}

/** `room` is more than it takes where the length of a text in bytes is not known. */
function add(records: Records, number: number, length: number, room = 3 * length): void {
  records.add(room, (bytes) => recordOf(number, length).copy(bytes));
}

function written(records: Records): Buffer {
  return Buffer.concat([...records.chunks()]);
}

describe('Records', () => {
  it('give back what was added, in any order, also between additions', () => {
    fc.assert(
      fc.property(lengths, fc.array(fc.nat(), { maxLength: 50 }), (all, asked) => {
        const records = new Records(folder.file('spill'));
        for (const [number, length] of all.entries()) {
          add(records, number, length);
          const earlier = (asked[number % (asked.length || 1)] ?? 0) % (number + 1);
          expect(records.get(earlier).equals(recordOf(earlier, all[earlier]))).toBe(true);
        }
        expect(records.length).toBe(all.length);
        for (const number of [...all.keys(), ...asked.map((each) => each % (all.length || 1))]) {
          if (number < all.length)
            expect(records.get(number).equals(recordOf(number, all[number]))).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('give back from a file what shares a block with a record that asked for more than one', () => {
    const records = new Records(folder.file('spill'));
    const all = Array.from({ length: 200 }, (_, number) => (number % 10 === 0 ? 20_000 : 5000));
    for (const [number, length] of all.entries()) add(records, number, length);
    for (const [number, length] of all.entries()) {
      expect(records.get(number).equals(recordOf(number, length))).toBe(true);
    }
  });

  it('are the same in a file that they were written to', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const records = new Records(folder.file('spill'));
        for (const [number, length] of all.entries()) add(records, number, length);
        const bytes = written(records);
        writeFileSync(folder.file('written'), Buffer.concat([Buffer.from('head'), bytes]));
        const seen: Buffer[] = [];
        const again = Records.open(folder.file('written'), 4, (part) => seen.push(Buffer.from(part)))!;
        expect(Buffer.concat(seen).equals(bytes)).toBe(true);
        expect(again.length).toBe(all.length);
        for (const number of [...all.keys()].reverse()) {
          expect(again.get(number).equals(recordOf(number, all[number]))).toBe(true);
        }
        expect(written(again).equals(bytes)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('are not read from a file that ends within one', () => {
    const records = new Records(folder.file('spill'));
    for (let number = 0; number < 10; number += 1) add(records, number, 9000);
    const bytes = written(records);
    for (const cut of [1, 8999, 9003]) {
      writeFileSync(folder.file('cut'), bytes.subarray(0, bytes.length - cut));
      expect(Records.open(folder.file('cut'))).toBeUndefined();
    }
    writeFileSync(folder.file('cut'), bytes.subarray(0, bytes.length - 9004));
    expect(Records.open(folder.file('cut'))?.length).toBe(9);
  });

  it('make a file only once they are many, and leave nothing behind', () => {
    const records = new Records(folder.file('spill'));
    for (let number = 0; number < 20; number += 1) add(records, number, 9000, 9000);
    expect(existsSync(folder.file('spill'))).toBe(false);
    for (let number = 20; number < 200; number += 1) add(records, number, 9000, 9000);
    expect(readdirSync(folder.file('spill'))).toEqual([]);
    expect(records.get(0).equals(recordOf(0, 9000))).toBe(true);
  });

  it('stay in memory where no file can be made', () => {
    writeFileSync(folder.file('no folder'), '');
    const records = new Records(folder.file('no folder'));
    for (let number = 0; number < 200; number += 1) add(records, number, 9000);
    for (const number of [0, 100, 199]) expect(records.get(number).equals(recordOf(number, 9000))).toBe(true);
  });

  withDisk('stay in memory while the disk is full, and go to it once it has room', () => {
    const disk = folder.file('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]);
    try {
      writeFileSync(join(disk, 'ballast'), Buffer.alloc(400_000));
      const records = new Records(disk);
      for (let number = 0; number < 200; number += 1) add(records, number, 9000);
      rmSync(join(disk, 'ballast'));
      for (let number = 200; number < 210; number += 1) add(records, number, 9000);
      for (let number = 0; number < 210; number += 1) {
        expect(records.get(number).equals(recordOf(number, 9000))).toBe(true);
      }
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  it('say of a place where there is none', () => {
    const records = new Records(folder.file('spill'));
    add(records, 0, 1);
    expect(() => records.get(1)).toThrow(new RangeError('there is no record 1 among 1'));
    expect(() => records.get(-1)).toThrow(new RangeError('there is no record -1 among 1'));
  });
});
