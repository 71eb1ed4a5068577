"""What librosa makes of clips. Argument: a folder with `material.json` and the samples; writes `librosa.json` there.

Frame-major numbers lie in `<descriptor>-<clip>.f64`, NaN where there is nothing to compare; a descriptor that librosa
refuses has its message instead.
"""

import functools
import json
import sys
import warnings
from pathlib import Path

import librosa
import numpy as np

PITCH = {"fmin": 65, "fmax": 500, "frame_length": 2048}


def descriptors(y, rate):
    mfcc = lambda: librosa.feature.mfcc(y=y, sr=rate, n_mfcc=40)
    # librosa rounds the periods of single-precision samples to single precision.
    double = y.astype(np.float64)

    @functools.cache
    def pyin():
        frequency, voiced, probability = librosa.pyin(double, sr=rate, fill_na=None, **PITCH)
        # The guess at an unvoiced frame is one of many that are equally likely, and whether a flat difference has a trough
        # (0.01) or none (0) is up to the rounding of librosa's transforms.
        frequency[~voiced] = np.nan
        probability[probability <= 0.01] = np.nan
        return frequency, voiced, probability

    return {
        "mfcc": mfcc,
        "delta": lambda: librosa.feature.delta(mfcc()),
        "delta2": lambda: librosa.feature.delta(mfcc(), order=2),
        "mel": lambda: librosa.power_to_db(librosa.feature.melspectrogram(y=y, sr=rate, n_mels=40), ref=np.max),
        "chroma": lambda: librosa.feature.chroma_stft(y=y, sr=rate, tuning=0.0),
        "contrast": lambda: librosa.feature.spectral_contrast(y=y, sr=rate),
        "zeroCrossingRate": lambda: librosa.feature.zero_crossing_rate(y),
        "rms": lambda: librosa.feature.rms(y=y),
        "pitch": lambda: librosa.yin(double, sr=rate, **PITCH),
        "pyin": lambda: pyin()[0],
        "voiced": lambda: pyin()[1],
        "voicedProbability": lambda: pyin()[2],
    }


def main():
    warnings.filterwarnings("ignore")
    folder = Path(sys.argv[1])
    answers = []
    for clip, entry in enumerate(json.loads((folder / "material.json").read_text())):
        y = np.fromfile(folder / entry["file"], np.float32)
        refused = {}
        for name, compute in descriptors(y, entry["rate"]).items():
            try:
                values = compute()
            except Exception as error:
                refused[name] = f"{type(error).__name__}: {error}"[:200]
                continue
            np.ascontiguousarray(np.atleast_2d(values).T, np.float64).tofile(folder / f"{name}-{clip}.f64")
        answers.append(refused)
    (folder / "librosa.json").write_text(json.dumps(answers))


main()
