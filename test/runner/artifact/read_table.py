"""Prints what pyarrow and DuckDB read of a table, as JSON."""

import json
import sys

import duckdb
import numpy as np
import pyarrow as pa

path = sys.argv[1]


def text(metadata):
    return {key.decode(): value.decode() for key, value in (metadata or {}).items()}


with pa.memory_map(path) as file:
    rows = pa.ipc.open_file(file).read_all()
    rows.validate(full=True)
    # The file after its magic is a stream too, which some readers prefer.
    file.seek(8)
    assert pa.ipc.open_stream(file).read_all().equals(rows)
    count, ids = duckdb.sql("select count(*), count(distinct id) from rows").fetchall()[0]
    longest = duckdb.sql("select max(len(samples)) from rows").fetchall()[0][0]
    shape = json.loads(text(rows.schema.field("image").metadata)["shape"])
    images = np.stack(rows.column("image").to_numpy(zero_copy_only=False)).reshape(-1, *shape) if count else None
    print(
        json.dumps(
            {
                "metadata": text(rows.schema.metadata),
                "fields": [
                    {"name": field.name, "type": str(field.type), "nullable": field.nullable, **text(field.metadata)}
                    for field in rows.schema
                ],
                "rows": rows.to_pylist(),
                "count": count,
                "distinctIds": ids,
                "longest": longest,
                "corner": None if images is None else images[:, -1, 0].tolist(),
            }
        )
    )
