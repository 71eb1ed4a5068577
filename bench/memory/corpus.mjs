import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const sampleRate = 8000;
const seconds = 0.25;
const filesPerFolder = 1000;
const emotions = ['calm', 'happy', 'sad', 'angry'];

/**
 * Writes so many wav files of 0.25 s at 8 kHz, each a tone of its own, and a table of their labels, `labels.csv`. No two
 * have the same content, so that nothing is computed once for several.
 *
 * @param {string} folder
 * @param {number} count
 */
export function writeCorpus(folder, count) {
  const samples = Math.round(sampleRate * seconds);
  const wav = headerOf(samples);
  const labels = ['path,emotion,speaker'];
  for (let file = 0; file < count; file++) {
    const inside = String(Math.floor(file / filesPerFolder)).padStart(4, '0');
    const name = `${inside}/${String(file).padStart(6, '0')}.wav`;
    labels.push(`${name},${emotions[file % emotions.length]},${inside}`);
    if (file % filesPerFolder === 0) mkdirSync(path.join(folder, inside), { recursive: true });
    const step = (2 * Math.PI * (100 + (file % 3000))) / sampleRate;
    // The level tells files of one pitch apart.
    const level = 8000 + Math.floor(file / 3000);
    for (let sample = 0; sample < samples; sample++) {
      wav.writeInt16LE(Math.round(level * Math.sin(step * sample)), 44 + 2 * sample);
    }
    writeFileSync(path.join(folder, name), wav);
  }
  writeFileSync(path.join(folder, 'labels.csv'), `${labels.join('\n')}\n`);
}

/** @param {number} samples */
function headerOf(samples) {
  const wav = Buffer.alloc(44 + 2 * samples);
  wav.write('RIFF', 0, 'ascii');
  wav.writeUInt32LE(36 + 2 * samples, 4);
  wav.write('WAVEfmt ', 8, 'ascii');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(2 * sampleRate, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'ascii');
  wav.writeUInt32LE(2 * samples, 40);
  return wav;
}
