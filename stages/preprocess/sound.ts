import { soundOfClip } from '../audio/sound-of-clip.ts';

export default soundOfClip;
