"""Names the columns of a call for the compiled part."""

from __future__ import annotations

from . import _native
from ._errors import ParameterError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Iterable, Mapping, Sequence, SupportsFloat, SupportsIndex, Union

    #: A column of texts: a list, an array, a Series, or anything with an Arrow column.
    Column = Any
    #: A column, a dict of columns, or a table.
    Texts = Any
    #: The name of a column of the table, or a column.
    ColumnOrName = Union[str, Column, None]


def rows(
    texts: Texts,
    columns: Sequence[str],
    *,
    title: ColumnOrName = None,
    id: ColumnOrName = None,
    keep: Iterable[str] = (),
    extra: Mapping[str, ColumnOrName] | None = None,
    usual_groups: bool = False,
    usual_dates: bool = False,
) -> _native.Rows:
    """The columns of a call as the compiled part takes them.

    ``usual_groups`` and ``usual_dates`` take the columns of a table that files usually have groups and dates in, too.
    """
    if isinstance(texts, (set, frozenset)):
        raise TypeError(f"texts is a {type(texts).__name__}, which has no order; expected a list of str")
    if type(texts).__name__ == "LazyFrame":
        raise TypeError("texts is a LazyFrame; collect() it, or score it with standpoint_stance.polars")
    given: dict[str, Any] = {
        "title": title,
        "id": id,
        "keep": kept(keep),
        "extra": [(name, column) for name, column in (extra or {}).items() if column is not None],
        "usual_groups": usual_groups,
        "usual_dates": usual_dates,
    }
    return _native.Rows(texts, list(columns), given)


def text_columns(text: str | Sequence[str] | None, default: Sequence[str]) -> list[str]:
    """The names of the columns that hold the text."""
    if text is None:
        return list(default)
    columns = names("text", text)
    if not columns or len(set(columns)) < len(columns):
        raise ValueError(f"text={text!r}: expected the names of one column or more, each once")
    return columns


def names(name: str, value: str | Iterable[str]) -> list[str]:
    """Names of columns or labels; a single one may stand without a list."""
    found: list[Any] = [value] if isinstance(value, str) else list(value) if hasattr(value, "__iter__") else [value]
    for one in found:
        if not isinstance(one, str):
            raise TypeError(f"{name}={value!r}: expected a list of str")
    return found


def kept(keep: str | Iterable[str]) -> list[str]:
    """The names of columns that are kept, each once."""
    found = names("keep", keep)
    for place, one in enumerate(found):
        if one in found[:place]:
            raise ParameterError(f"keep={one!r} twice: expected each column once")
    return found


def count(name: str, value: SupportsIndex) -> int:
    """A number of things, from 0 up."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{name}={value!r}: expected an integer")
    number = value.__index__()
    if not 0 <= number < 2**63:
        raise ValueError(f"{name}={value!r}: expected a number from 0 to 2**63 - 1")
    return number


def flag(name: str, value: object) -> bool:
    """Whether something is asked for: a truth value of Python or NumPy."""
    if isinstance(value, bool) or type(value).__module__ == "numpy" and type(value).__name__ in ("bool", "bool_"):
        return bool(value)
    raise TypeError(f"{name}={value!r}: expected True or False")


def share(name: str, value: SupportsFloat) -> float:
    """A number from 0 to 1."""
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        raise TypeError(f"{name}={value!r}: expected a number from 0 to 1")
    number = float(value)
    if not 0 <= number <= 1:
        raise ParameterError(f"{name}={value!r}: expected a number from 0 to 1")
    return number
