const { max, min, round } = Math;
const HEADER_BYTES = 44;

/** A mono 16-bit PCM wav file of samples in ±1; what lies beyond is clipped. */
export function encodeWav16(samples: Float64Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  const tag = (offset: number, text: string): void => {
    for (let n = 0; n < text.length; n += 1) view.setUint8(offset + n, text.charCodeAt(n));
  };
  tag(0, 'RIFF');
  view.setUint32(4, HEADER_BYTES - 8 + 2 * samples.length, true);
  tag(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, 2 * sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  tag(36, 'data');
  view.setUint32(40, 2 * samples.length, true);
  for (let n = 0; n < samples.length; n += 1) {
    const scaled = round(samples[n] * 32768);
    view.setInt16(HEADER_BYTES + 2 * n, min(32767, max(-32768, scaled)), true);
  }
  return bytes;
}
