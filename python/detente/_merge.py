"""Parts, added up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import overload

from ._command import Command
from ._events import Part, _named_parts
from ._scenario import Ensemble
from ._table import Table


@overload
def merge(parts: Iterable[Part]) -> Table: ...


@overload
def merge(parts: Iterable[Ensemble]) -> Ensemble: ...


@overload
def merge(parts: Iterable[Part | Ensemble | bytes]) -> Table | Ensemble: ...


def merge(
    parts: Iterable[Part] | Iterable[Ensemble] | Iterable[Part | Ensemble | bytes],
) -> Table | Ensemble:
    """Adds up parts of an index, or of an ensemble, that were made apart: by :func:`index_part`, by
    :meth:`Scenario.ensemble` with ``shard``, or by the command line.

    The result is the same to the byte as that of one process, in whatever order parts come. Parts
    that do not belong together, and the same part twice, are refused; where shards of an ensemble
    are missing, ``notes`` says so.

    >>> import detente as dt, pyarrow as pa
    >>> def rows(month, code):
    ...     day = [f"2030-0{month}-07"]
    ...     return pa.table({"date": day, "source": ["XBL"], "target": ["XRL"], "code": [code]})
    >>> parts = [dt.index_part(rows(month, code)) for month, code in [(1, "042"), (2, "163")]]
    >>> dt.merge(parts).to_arrow().column("month").to_pylist()
    ['2030-01', '2030-02']
    """
    given = list(parts)
    data = [one for part in given for one in _bytes(part)]
    is_index = any(one.startswith(b'{"format":"detente index part"') for one in data)
    if is_index or not data:
        names, files = _named_parts(data)
        command = Command(("merge", "--format=csv", *names), files)
        said = command.run()
        return Table(said.data, notes=said.notes)
    whole = Ensemble(data)
    whole.notes = whole.tidy.notes
    return whole


def _bytes(part: Part | Ensemble | bytes) -> list[bytes]:
    return part.parts if isinstance(part, Ensemble) else [bytes(part)]
