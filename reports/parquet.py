"""Events as a Parquet file; takes the extra `warehouse`."""

import importlib
import importlib.util
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from reports.warehouse import BATCH, EventLine


def is_available() -> bool:
    return importlib.util.find_spec("pyarrow") is not None


def write(lines: Iterator[EventLine], to: Path) -> int:
    """The cursor of the last event, 0 where there was none; written beside the file first, so that half is never seen.

    `data` is JSON text: what it holds differs by the kind.
    """
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    schema = _schema(arrow)
    last = 0
    unfinished = to.with_name(f".{to.name}.part")
    try:
        with parquet.ParquetWriter(unfinished, schema, compression="zstd") as writer:
            while batch := list(islice(lines, BATCH)):
                rows = [{**line, "data": json.dumps(line["data"], ensure_ascii=False)} for line in batch]
                writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
                last = batch[-1]["cursor"]
        unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return last


def _schema(arrow: Any) -> Any:
    return arrow.schema(
        [
            ("cursor", arrow.int64()),
            ("at", arrow.timestamp("us", tz="UTC")),
            ("kind", arrow.string()),
            ("ticket", arrow.int64()),
            ("actor", arrow.string()),
            ("reference", arrow.string()),
            ("data", arrow.string()),
        ]
    )
