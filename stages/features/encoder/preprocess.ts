import { Wav2Vec2FeatureExtractor } from '@huggingface/transformers';
import { WhisperLogMelSpectrogram } from '../../audio/whisper-log-mel.ts';
import type { EncoderFolder } from './model-folder.ts';

/** What is fed to the graph, batch axis included. */
export interface EncoderFeed {
  readonly name: 'input_values' | 'input_features';
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** Of all but the newest of the family, which say so. */
const whisperBands = 80;

/** Turns the samples of one clip into the encoder's input, as preprocessor_config.json says. */
export type Preprocess = (samples: Float32Array) => Promise<EncoderFeed>;

export function preprocessOf(encoder: EncoderFolder): Preprocess {
  if (encoder.input === 'waveform') {
    const extractor = new Wav2Vec2FeatureExtractor(encoder.preprocessor);
    return async (samples) => {
      const { input_values } = await extractor._call(samples);
      return { name: 'input_values', data: input_values.data as Float32Array, shape: input_values.dims };
    };
  }
  const { sampling_rate, n_fft, hop_length, feature_size = whisperBands } = encoder.preprocessor;
  const options = { sampleRate: sampling_rate, nFft: n_fft, hopLength: hop_length, bands: feature_size };
  const spectrogram = new WhisperLogMelSpectrogram(options);
  // Not by the library's extractor, which pads to 30 s where it is not told otherwise, and whose matrix product keeps
  // threads of its own busy.
  return (samples) => {
    const { frames, values } = spectrogram.compute(samples);
    return Promise.resolve({ name: 'input_features', data: values, shape: [1, feature_size, frames] });
  };
}
