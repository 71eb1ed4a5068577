import type { InputArtifact } from '../../../runner/kind/index.ts';
import type { Sound } from '../../../stages/evaluate/recordings/read.ts';
import { memoryArtifact } from './memory.ts';

/** A sine of half full scale. */
export function tone(frequency: number, seconds: number, sampleRate: number): Sound {
  const samples = Float32Array.from({ length: Math.round(seconds * sampleRate) }, (_, index) => {
    return 0.5 * Math.sin((2 * Math.PI * frequency * index) / sampleRate);
  });
  return { samples, sampleRate };
}

/** What ingest hands on, as far as the report looks: tones of half a second and more at 48 kHz. */
export function clipsArtifact(ids: readonly string[]): InputArtifact {
  return memoryArtifact('ingest', {
    tables: {
      table: {
        columns: {
          samples: { type: 'sequence', shape: [] },
          sampleRate: { type: 'int32', unit: 'Hz' },
          duration: { type: 'float64', unit: 's' },
        },
        rows: ids.map((id, index) => {
          const duration = 0.5 + 0.01 * (index % 10);
          return { id, cells: { ...tone(300 + 10 * index, duration, 48_000), duration } };
        }),
      },
    },
  });
}

/** What preprocess hands on: the same at 16 kHz, a tenth of a second trimmed off either end. */
export function audioArtifact(ids: readonly string[]): InputArtifact {
  return memoryArtifact('audio[16000]', {
    tables: {
      table: {
        columns: {
          samples: { type: 'sequence', shape: [] },
          sampleRate: { type: 'int32', unit: 'Hz' },
          duration: { type: 'float64', unit: 's' },
          trimStart: { type: 'int32', unit: 'samples' },
          trimEnd: { type: 'int32', unit: 'samples' },
        },
        rows: ids.map((id, index) => {
          const duration = 0.3 + 0.01 * (index % 10);
          const trimEnd = 1600 + Math.round(duration * 16_000);
          return {
            id,
            cells: { ...tone(300 + 10 * index, duration, 16_000), duration, trimStart: 1600, trimEnd },
          };
        }),
      },
    },
  });
}
