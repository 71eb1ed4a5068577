import { Wav2Vec2FeatureExtractor, WhisperFeatureExtractor } from '@huggingface/transformers';
import type { EncoderFolder } from './model-folder.ts';

/** What is fed to the graph, batch axis included. */
export interface EncoderFeed {
  readonly name: 'input_values' | 'input_features';
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

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
  const extractor = new WhisperFeatureExtractor(encoder.preprocessor);
  return async (samples) => {
    // By itself the extractor pads every clip to 30 s, which costs many times the computing and changes nothing else.
    const { input_features } = await extractor._call(samples, { max_length: samples.length });
    return { name: 'input_features', data: input_features.data as Float32Array, shape: input_features.dims };
  };
}
