import { RAVDESS_EMOTIONS } from '../emotions.ts';
import { unknownField, wavStem, type Naming, type ParsedName } from './naming.ts';

const NAME = /^(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)$/;
const MODALITIES = ['audio-video', 'video only', 'audio only'];
const CHANNELS = ['speech', 'song'];
const INTENSITIES = ['normal', 'strong'];
const STATEMENTS = ['kids', 'dogs'];
const REPETITIONS = 2;
const ACTORS = 24;

/**
 * The seven two-digit fields of a RAVDESS file name, such as `03-01-06-01-02-01-12.wav`: modality, vocal channel,
 * emotion, intensity, statement, repetition, actor (Livingstone & Russo 2018, doi:10.1371/journal.pone.0196391).
 */
export const ravdess: Naming = {
  title: 'RAVDESS',
  parse(file) {
    const wav = wavStem(file);
    if ('reason' in wav) return wav;
    const fields = NAME.exec(wav.stem)?.slice(1);
    if (fields === undefined) {
      return {
        reason: 'not a RAVDESS name: expected seven two-digit fields, as in 03-01-06-01-02-01-12.wav',
      };
    }
    return parseFields(fields, wav.stem);
  },
};

function parseFields(fields: readonly string[], recording: string): ParsedName {
  const [modalityCode, channelCode, emotionCode, intensityCode, statementCode, repetitionCode, actorCode] =
    fields.map(Number);
  const modality = valueOf(MODALITIES, modalityCode);
  const channel = valueOf(CHANNELS, channelCode);
  const emotion = valueOf(RAVDESS_EMOTIONS, emotionCode);
  const intensity = valueOf(INTENSITIES, intensityCode);
  const statement = valueOf(STATEMENTS, statementCode);

  if (modality === undefined) return unknownField('modality', fields[0], '01 to 03');
  if (modality !== 'audio only')
    return { reason: `modality ${fields[0]} is ${modality}, not audio only (03)` };
  if (channel === undefined) return unknownField('vocal channel', fields[1], '01 or 02');
  if (channel !== 'speech') return { reason: `vocal channel ${fields[1]} is ${channel}, not speech (01)` };
  if (emotion === undefined) return unknownField('emotion', fields[2], '01 to 08');
  if (intensity === undefined) return unknownField('intensity', fields[3], '01 or 02');
  if (statement === undefined) return unknownField('statement', fields[4], '01 or 02');
  if (repetitionCode < 1 || repetitionCode > REPETITIONS)
    return unknownField('repetition', fields[5], '01 or 02');
  if (actorCode < 1 || actorCode > ACTORS) return unknownField('actor', fields[6], '01 to 24');
  if (emotion === 'neutral' && intensity === 'strong') {
    return { reason: 'intensity 02 with emotion 01: there is no strong neutral' };
  }
  return {
    recording,
    labels: {
      emotion,
      intensity,
      statement,
      repetition: repetitionCode,
      speaker: fields[6],
      sex: actorCode % 2 === 1 ? 'male' : 'female',
    },
  };
}

/** The value that a field's code, from 1, stands for. */
function valueOf<Value>(values: readonly Value[], code: number): Value | undefined {
  return values[code - 1];
}
