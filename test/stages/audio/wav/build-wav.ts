/** Parts of a wav file to be put together wrongly or rightly. */
export interface WavParts {
  /** Format tag: 1 integer, 3 float. */
  readonly tag?: number;
  readonly channels?: number;
  readonly sampleRate?: number;
  readonly bitDepth: number;
  /** As WAVE_FORMAT_EXTENSIBLE. */
  readonly extensible?: boolean;
  readonly data: Uint8Array;
  /** What the header of `data` says, where that is not its length. */
  readonly claimedSize?: number;
  /** Chunks between `fmt ` and `data`, and after `data`. */
  readonly before?: readonly (readonly [string, Uint8Array])[];
  readonly after?: readonly (readonly [string, Uint8Array])[];
}

export function buildWav(parts: WavParts): Buffer {
  const { before = [], after = [], data, claimedSize = data.length } = parts;
  const chunks = [
    chunk('fmt ', formatContent(parts)),
    ...before.map(([id, content]) => chunk(id, content)),
    chunk('data', data, claimedSize),
    ...after.map(([id, content]) => chunk(id, content)),
  ];
  const body = Buffer.concat([Buffer.from('WAVE'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), uint32(body.length), body]);
}

/** 16-bit mono. */
export function buildWav16(samples: readonly number[], sampleRate = 48_000): Buffer {
  return buildWav({ bitDepth: 16, sampleRate, data: new Uint8Array(Int16Array.from(samples).buffer) });
}

function formatContent({
  tag = 1,
  channels = 1,
  sampleRate = 48_000,
  bitDepth,
  extensible = false,
}: WavParts): Buffer {
  const content = Buffer.alloc(extensible ? 40 : 16);
  const blockAlign = (channels * bitDepth) / 8;
  content.writeUInt16LE(extensible ? 0xfffe : tag, 0);
  content.writeUInt16LE(channels, 2);
  content.writeUInt32LE(sampleRate, 4);
  content.writeUInt32LE((sampleRate * blockAlign) % 2 ** 32, 8);
  content.writeUInt16LE(blockAlign, 12);
  content.writeUInt16LE(bitDepth, 14);
  if (extensible) {
    content.writeUInt16LE(22, 16);
    content.writeUInt16LE(tag, 24);
  }
  return content;
}

function chunk(id: string, content: Uint8Array, size = content.length): Buffer {
  return Buffer.concat([Buffer.from(id), uint32(size), content, Buffer.alloc(content.length % 2)]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
