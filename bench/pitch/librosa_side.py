"""pYIN of librosa, timed: ms a file as one JSON line. Arguments: rate, then files of float32 samples."""

import json
import sys
import time

import librosa
import numpy as np


def main():
    rate = int(sys.argv[1])
    clips = [np.fromfile(path, np.float32) for path in sys.argv[2:]]
    # Compiles numba's functions, outside the time.
    librosa.pyin(clips[0], fmin=65, fmax=500, sr=rate, frame_length=2048)
    start = time.perf_counter()
    voiced = [int(librosa.pyin(y, fmin=65, fmax=500, sr=rate, frame_length=2048)[1].sum()) for y in clips]
    seconds = time.perf_counter() - start
    print(json.dumps({"milliseconds": 1000 * seconds / len(clips), "voiced": sum(voiced)}))


main()
