"""Trains one of the study's networks in Keras, timed epoch by epoch: a JSON line.

Arguments: network, file with float32 inputs (rows x 160) followed by int32 labels, training rows, validation
rows, epochs, threads.
"""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np
import tensorflow as tf
from keras import layers

network, path, training_rows, validation_rows, epochs, threads = sys.argv[1:]
training_rows, validation_rows = int(training_rows), int(validation_rows)
tf.config.threading.set_intra_op_parallelism_threads(int(threads))
tf.config.threading.set_inter_op_parallelism_threads(int(threads))


def convolutions():
    blocks = []
    for filters in (64, 128, 256):
        blocks += [
            layers.Conv1D(filters, 3, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.MaxPooling1D(2),
        ]
        if filters == 128:
            blocks.append(layers.Dropout(0.2))
    return blocks


def head(*units):
    dense = [[layers.Dense(n, activation="relu"), layers.Dropout(0.3)] for n in units]
    return sum(dense, []) + [layers.Dense(8, activation="softmax")]


MODELS = {
    "lstm": lambda: [layers.LSTM(256), *head(128, 64)],
    "cnn": lambda: [*convolutions(), layers.GlobalAveragePooling1D(), *head(128, 64)],
    "cnn-lstm": lambda: [
        *convolutions(),
        layers.LSTM(128, return_sequences=True),
        layers.LSTM(64),
        *head(64, 32),
    ],
}


def focal_loss(labels, probabilities):
    ce = keras.losses.sparse_categorical_crossentropy(labels, probabilities)
    return tf.reduce_mean(0.25 * (1 - tf.exp(-ce)) ** 2 * ce)


class Clock(keras.callbacks.Callback):
    """Wall and processor seconds of each epoch, validation included."""

    def __init__(self):
        super().__init__()
        self.epochs = []

    def on_epoch_begin(self, epoch, logs=None):
        self.began = time.perf_counter(), time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        wall, processor = self.began
        self.epochs.append(
            {"wall": time.perf_counter() - wall, "processor": time.process_time() - processor}
        )


rows = training_rows + validation_rows
inputs = np.fromfile(path, "float32", rows * 160).reshape(rows, 160, 1)
labels = np.fromfile(path, "int32", rows, offset=rows * 160 * 4)
model = keras.Sequential([layers.Input((160, 1)), *MODELS[network]()])
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=focal_loss, metrics=["accuracy"])
clock = Clock()
model.fit(
    inputs[:training_rows],
    labels[:training_rows],
    validation_data=(inputs[training_rows:], labels[training_rows:]),
    batch_size=36,
    epochs=int(epochs),
    verbose=0,
    callbacks=[
        clock,
        keras.callbacks.ReduceLROnPlateau(patience=5, factor=0.5, min_lr=1e-6),
        keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True),
    ],
)
print(json.dumps({"parameters": model.count_params(), "epochs": clock.epochs}))
