/** The speech recordings of RAVDESS as published: Zenodo record 1188976, CC BY-NC-SA 4.0. */
export const RAVDESS_ARCHIVE = {
  url: 'https://zenodo.org/records/1188976/files/Audio_Speech_Actors_01-24.zip?download=1',
  name: 'Audio_Speech_Actors_01-24.zip',
  md5: 'bc696df654c87fed845eb13823edef8a',
  bytes: 208_468_073,
  /** Size of the files in it. */
  unpackedBytes: 620_000_000,
  files: 1440,
} as const;

/** A file of audio-only speech, by its name. */
export const RAVDESS_SPEECH = /^03-01-\d\d-\d\d-\d\d-\d\d-\d\d\.wav$/;
