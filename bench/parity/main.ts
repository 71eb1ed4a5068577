import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareWithLibrosa } from './librosa.ts';
import { materials } from './material.ts';
import { report } from './report.ts';

const [python = 'python3', ...flags] = process.argv.slice(2);
const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-parity-'));
try {
  const clips = materials();
  const listed = clips.map(({ rate, samples }, index) => {
    const file = `${index}.f32`;
    writeFileSync(path.join(scratch, file), samples);
    return { file, rate };
  });
  writeFileSync(path.join(scratch, 'material.json'), JSON.stringify(listed));
  execFileSync(python, [path.resolve('bench/parity/librosa_side.py'), scratch], { stdio: 'inherit' });
  const deviations = await compareWithLibrosa(clips, scratch);
  const good = report(deviations, flags.includes('--all'));
  process.exitCode = good ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}
