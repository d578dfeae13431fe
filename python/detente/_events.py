"""Other people's event data: a table of all dyads and periods, or a log of some."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, Union

from ._command import (
    Day,
    Model,
    Name,
    Output,
    Progress,
    Several,
    model_options,
    options,
    run_with,
)
from ._detente import Rows
from ._log import Log
from ._table import Table


class Stream(Protocol):
    """Any Arrow stream with named columns: a table of pyarrow, a data frame of polars, a relation of
    DuckDB. It is read batch by batch, and never held as a whole."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...


#: Files by their paths or by a pattern such as ``events/*.zip``, a stream, or several of these.
Source = Union[Name, Stream, Iterable[Union[Name, Stream]]]

#: By format: what stands between columns, and whether a header names them.
LAYOUTS = {
    "gdelt": ("\t", False),
    "icews": ("\t", True),
    "icews-quadruples": ("\t", False),
    "polecat": ("\t", True),
    "phoenix": ("\t", False),
    "acled": (",", True),
    "keds": ("\t", False),
    "csv": (",", True),
}


def index(
    source: Source,
    format: str | None = None,
    *,
    dyad: Several | None = None,
    from_: Day | None = None,
    to: Day | None = None,
    every: str | None = None,
    directed: bool = False,
    all_periods: bool = False,
    model: Model | None = None,
    set: Mapping[str, object] | None = None,
    weights: str | None = None,
    events: str | None = None,
    dedupe: str | None = None,
    codes: str | None = None,
    quad_classes: str | None = None,
    actors: Name | None = None,
    actor: Mapping[str, str] | None = None,
    actors_map: Name | None = None,
    actor_codes: Several | None = None,
    unmatched: Name | None = None,
    column: Mapping[str, str] | None = None,
    value: Mapping[str, str] | None = None,
    date_order: str | None = None,
    spoilt: str | None = None,
    strict: bool = False,
    threads: int | None = None,
    manifest: Name | None = None,
    crate: Name | None = None,
    published: Day | None = None,
    license: str | None = None,
    crate_title: str | None = None,
    author: Several | None = None,
    progress: Progress = None,
) -> Table:
    """Adds event data up: a row for every dyad and period, with counts, the level in degrees, and its
    90 % interval.

    ``format`` is gdelt, icews, icews-quadruples, polecat, phoenix, acled, keds or csv; without it a
    file's first line tells, and a stream is csv. ``column`` names the columns of csv by their
    fields, such as ``{"date": "day", "source": "who", "target": "whom", "code": "cameo"}``, and
    ``value`` has what is the same in every row. All options are those of ``detente index``; the
    guide's chapters on event data say what they mean. What became of every row is in ``notes``. The
    table is the same for any order of rows, any split into files and any number of threads.

    ``crate`` makes a folder for deposit, an RO-Crate with this table in it, on the day ``published``;
    one that this has made before, and that is as it was, makes room for it.

    >>> import detente as dt, pyarrow as pa
    >>> rows = pa.table({
    ...     "date": ["2030-01-03", "2030-01-07", "2030-02-11"],
    ...     "source": ["XBL", "XRL", "XBL"],
    ...     "target": ["XRL", "XBL", "XRL"],
    ...     "code": ["042", "112", "163"],
    ... })
    >>> table = dt.index(rows, every="month")
    >>> [(row["month"], row["events"]) for row in table.rows()]
    [('2030-01', 2), ('2030-02', 1)]
    """
    how = {name: given for name, given in locals().items() if name not in ("source", "format")}
    progress = how.pop("progress")
    said = _index(source, format, how, (), progress)
    # The table goes into the folder, where there is one.
    data = said.data if crate is None else (Path(crate) / "table.csv").read_bytes()
    return Table(data, notes=said.notes)


def index_part(
    source: Source, format: str | None = None, *, progress: Progress = None, **how: Any
) -> Part:
    """What some files or rows add up to, to be added to others by :func:`merge`.

    The options are those of :func:`index`, but for ``manifest`` and ``crate``. With ``dedupe`` parts are to be cut
    by day: all rows of a day into one.
    """
    with tempfile.TemporaryDirectory(prefix="detente-") as folder:
        path = Path(folder) / "part.json"
        said = _index(source, format, how, ("--partial", f"--output={path}"), progress)
        return Part(path.read_bytes(), said.notes)


class Part:
    """What some event data add up to, as bytes: what ``detente index --partial`` writes.

    It can be pickled and sent to another machine.
    """

    #: What became of every row.
    notes: str

    def __init__(self, data: bytes, notes: str = "") -> None:
        self._data = data
        self.notes = notes

    def __bytes__(self) -> bytes:
        return self._data

    def __repr__(self) -> str:
        return f"<detente.Part of {len(self._data)} bytes>"

    def save(self, path: Name) -> None:
        """Saves it as a file, which ``detente merge`` and :meth:`open` take."""
        Path(path).write_bytes(self._data)

    @classmethod
    def open(cls, path: Name) -> Part:
        """A part that was saved."""
        return cls(Path(path).read_bytes())

    @classmethod
    def joined(cls, parts: Iterable[Part]) -> Part:
        """Some parts as one, so that many can be added up in a tree."""
        names, files = _named_parts([bytes(part) for part in parts])
        with tempfile.TemporaryDirectory(prefix="detente-") as folder:
            path = Path(folder) / "part.json"
            said = run_with(["merge", *names, f"--output={path}"], files)
            return cls(path.read_bytes(), said.notes)


def _named_parts(parts: list[bytes]) -> tuple[list[str], dict[str, bytes]]:
    """Names for parts, by which errors call them."""
    width = len(str(len(parts)))
    names = [f"<part {place:0{width}}>" for place in range(1, len(parts) + 1)]
    return names, dict(zip(names, parts))


def _index(
    source: Source,
    format: str | None,
    how: dict[str, Any],
    more: tuple[str, ...],
    progress: Progress,
) -> Output:
    names, files = _inputs(source, format)
    how = dict(how)
    chosen, model_files = model_options(how.pop("model", None))
    is_written = any(how.get(name) is not None for name in ("manifest", "crate"))
    chosen += options(overwrite=is_written, **how)
    files = {**files, **model_files}
    return run_with(["index", *chosen, *more, "--", *names], files, progress)


def import_(
    source: Source,
    path: Name,
    format: str | None = None,
    *,
    dyad: Several | None = None,
    all_dyads: bool = False,
    from_: Day | None = None,
    to: Day | None = None,
    weights: str | None = None,
    events: str | None = None,
    dedupe: str | None = None,
    codes: str | None = None,
    actors: Name | None = None,
    actor: Mapping[str, str] | None = None,
    actors_map: Name | None = None,
    actor_codes: Several | None = None,
    unmatched: Name | None = None,
    column: Mapping[str, str] | None = None,
    value: Mapping[str, str] | None = None,
    date_order: str | None = None,
    spoilt: str | None = None,
    strict: bool = False,
    threads: int | None = None,
    manifest: Name | None = None,
    overwrite: bool = False,
    progress: Progress = None,
) -> Log:
    """Imports the rows of some dyads, or of all, as a log of ``coded`` events at ``path``.

    Source, format and options are those of :func:`index`. What became of every row is in the log's
    ``notes``. Replay it with ``model="goldstein-decay"``: machine-coded data have hundreds of events
    a month, at which the default model saturates.
    """
    how = {name: given for name, given in locals().items() if name not in ("source", "path", "format")}
    progress = how.pop("progress")
    names, files = _inputs(source, format)
    said = run_with(["import", *options(output=path, **how), "--", *names], files, progress)
    log = Log(path)
    log.notes = said.notes
    return log


def _inputs(source: Source, format: str | None) -> tuple[list[str], dict[str, bytes | Rows]]:
    """The format and the names of files, and the streams among them."""
    is_one = isinstance(source, (str, os.PathLike)) or hasattr(source, "__arrow_c_stream__")
    given: list[Name | Stream] = [source] if is_one else list(source)  # type: ignore[list-item, arg-type]
    names: list[str] = []
    files: dict[str, bytes | Rows] = {}
    for one in given:
        if hasattr(one, "__arrow_c_stream__"):
            name = "<stream>" if len(given) == 1 else f"<stream {len(files) + 1}>"
            files[name] = _rows(one, format)
            names.append(name)
        else:
            names.extend(_paths(os.fspath(one)))
    if format is None and files:
        format = "csv"
    return ([format] if format is not None else []) + names, files


def _rows(stream: object, format: str | None) -> Rows:
    separator, header = LAYOUTS.get(format or "csv", (",", True))
    # Columns of GDELT under their names, in any order; without them all columns in its own.
    return Rows(stream, separator, header, "sqldate" if format == "gdelt" else None)


def _paths(name: str) -> list[str]:
    """The files of a pattern, in the order of their names; what is no pattern is a path."""
    if any(sign in name for sign in "*?[") and not Path(name).exists():
        return sorted(glob.glob(name)) or [name]
    return [name]
