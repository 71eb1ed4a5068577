"""The study's vectors by librosa, timed: files/s as one JSON line.

Arguments: rate, coefficients, workers, Arrow file to write, then the wav files.
"""

import json
import sys
import time

import joblib
import librosa
import numpy as np
import pyarrow as pa


def vector(path, rate, coefficients):
    y, _ = librosa.load(path, sr=rate)
    y, _ = librosa.effects.trim(y, top_db=20)
    y = librosa.util.normalize(y)
    mfcc = librosa.feature.mfcc(y=y, sr=rate, n_mfcc=coefficients)
    mel = librosa.feature.melspectrogram(y=y, sr=rate, n_mels=40)
    parts = (
        mfcc,
        librosa.feature.delta(mfcc),
        librosa.feature.delta(mfcc, order=2),
        librosa.power_to_db(mel, ref=np.max),
    )
    return np.concatenate([part.mean(axis=1) for part in parts]).astype(np.float32)


def write(vectors, path):
    array = pa.FixedSizeListArray.from_arrays(pa.array(np.concatenate(vectors)), len(vectors[0]))
    table = pa.table({"features": array})
    with pa.ipc.new_file(path, table.schema) as file:
        file.write_table(table)


def main():
    rate, coefficients, workers = map(int, sys.argv[1:4])
    output, files = sys.argv[4], sys.argv[5:]
    with joblib.Parallel(n_jobs=workers, batch_size=4) as parallel:
        compute = joblib.delayed(vector)
        # Compiles numba's functions and starts the workers, outside the time.
        parallel(compute(path, rate, coefficients) for path in files[:8])
        start = time.perf_counter()
        vectors = parallel(compute(path, rate, coefficients) for path in files)
        write(vectors, output)
        seconds = time.perf_counter() - start
    print(json.dumps({"filesPerSecond": len(files) / seconds, "first": [float(v) for v in vectors[0]]}))


main()
