"""Writes tables into a folder with the tools that stages in Python use."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

folder = Path(sys.argv[1])
ids = [f"clip {row}" for row in range(5)]
digests = ["ab"] * 5
plain = pa.ipc.IpcWriteOptions(compression=None)


def write(name, columns, options=plain, rows_per_batch=2, schema=None):
    columns = {"id": ids, "digest": digests, **columns}
    columns = {key: value for key, value in columns.items() if value is not None}
    table = pa.table(columns, schema=schema)
    with pa.ipc.new_file(str(folder / name), table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows_per_batch)


write(
    "numbers.arrow",
    {
        **{
            name: pa.array([0, 1, 2, 3, 100], type)
            for name, type in {
                "int8": pa.int8(),
                "uint8": pa.uint8(),
                "int16": pa.int16(),
                "uint16": pa.uint16(),
                "int32": pa.int32(),
                "uint32": pa.uint32(),
                "int64": pa.int64(),
                "uint64": pa.uint64(),
                "float32": pa.float32(),
                "float64": pa.float64(),
            }.items()
        },
        "bool": pa.array([True, False, True, True, False]),
    },
)
features = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(30, dtype=np.float32)), 6)
ragged = [[0.5] * row for row in range(5)]
steps = [[[row, 2.0]] * row for row in range(5)]
schema = pa.schema(
    [
        ("id", pa.large_utf8()),
        ("digest", pa.utf8()),
        pa.field("features", features.type, metadata={"shape": "[2, 3]", "unit": "dB"}),
        ("vector", features.type),
        ("ragged", pa.list_(pa.float32())),
        ("large", pa.large_list(pa.float32())),
        ("steps", pa.large_list(pa.list_(pa.float32(), 2))),
    ]
)
write(
    "lists.arrow",
    {"features": features, "vector": features, "ragged": ragged, "large": ragged, "steps": steps},
    schema=schema,
)

frame = pd.DataFrame({"id": ids, "digest": digests, "score": np.arange(5) / 4, "rank": np.arange(5)})
frame.to_feather(folder / "pandas.arrow", compression="uncompressed")
pl.DataFrame({"id": ids, "digest": digests, "score": np.arange(5) / 4}).write_ipc(
    folder / "polars.arrow", compat_level=pl.CompatLevel.oldest()
)

write("compressed.arrow", {}, options=pa.ipc.IpcWriteOptions(compression="lz4"))
write("no-digest.arrow", {"digest": None})
write("empty-cells.arrow", {"score": pa.array([1.0, None, 2.0, 3.0, 4.0])})
write("doubles.arrow", {"vector": pa.array([[0.5]] * 5, pa.list_(pa.float64()))})
write("large-number.arrow", {"n": pa.array([2**53, 1, 2, 3, 4], pa.int64())})
write("views.arrow", {"text": pa.array(ids, pa.string_view())})
