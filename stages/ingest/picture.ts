import { drawClip } from '../pictures/clip-picture.ts';

/** The recording's waveform and spectrogram. */
export default drawClip;
