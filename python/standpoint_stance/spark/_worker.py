"""Runs on the workers, and opens each model once per process."""

from __future__ import annotations

import functools
from typing import Any, Iterable, Iterator, Optional

import pyarrow

from .._errors import ModelError
from .._model import Model


class Source:
    """The model that a job uses: a path, which every machine must have, and the id of the file there."""

    def __init__(self, model: Any) -> None:
        opened = model if isinstance(model, Model) else _read(model)
        #: How each worker gets the model: the bundled one, a path, or the bytes of a model that has no file.
        self.pickled: Any = opened if isinstance(model, Model) else None
        self.path: Optional[str] = None if isinstance(model, Model) or model is None else str(model)
        self.id = opened.id
        self.columns = opened.text_columns
        self.opened = opened

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "opened"}

    def open(self) -> Model:
        """The model, on a worker. It is opened once per process."""
        if self.pickled is not None:
            return self.pickled  # type: ignore[no-any-return]
        model = _open(self.path, self.id)
        if model.id != self.id:
            where = "the bundled model" if self.path is None else self.path
            raise ModelError(f"{where} is {model.id} on this worker and {self.id} on the driver; bring the same to every machine")
        return model


@functools.lru_cache(maxsize=8)
def _open(path: Optional[str], id: str) -> Model:
    """The model at a path, read once for each id: a file that was replaced is read again."""
    return _read(path)


def _read(path: Optional[str]) -> Model:
    try:
        return Model.load(path)
    except ModelError as error:
        import socket

        raise ModelError(f"{error} (on {socket.gethostname()}; give model= a path that every machine has)") from None


def batches(tables: Iterable[Any], names: list[str]) -> Iterator[pyarrow.RecordBatch]:
    """Results as Spark takes them: pyarrow record batches with the columns in the order of the schema, by which Spark matches them."""
    for table in tables:
        yield pyarrow.record_batch(table).select(names)
