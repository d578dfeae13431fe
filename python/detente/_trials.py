"""Trials: the index fitted to event data, and held against rivals on what followed."""

from __future__ import annotations

from typing import Any

from ._command import Command, Progress, options, run_with
from ._events import Source, _inputs
from ._table import Table


def fit(source: Source, format: str | None = None, *, progress: Progress = None, **how: Any) -> Table:
    """Fits the parameters of the index to event data: those that foretell the next month best, and
    how well they are determined. A row for each parameter and statistic.

    Source, format and options of reading are those of :func:`index`; ``target``, ``ahead``,
    ``fit_until``, ``least``, ``grid``, ``seed`` and ``draws`` those of ``detente fit``; ``save``
    writes a model file that ``index(model=...)`` takes.
    """
    return _trial("fit", source, format, how, progress)


def validate(
    source: Source, format: str | None = None, *, progress: Progress = None, **how: Any
) -> Table:
    """Holds the index against its rivals on months after the fit: a row for each rival and statistic,
    with intervals.

    Options are those of :func:`fit`; ``against`` is a file with a series of one's own.
    """
    return _trial("validate", source, format, how, progress)


def _trial(
    command: str, source: Source, format: str | None, how: dict[str, Any], progress: Progress
) -> Table:
    names, files = _inputs(source, format)
    grid = how.pop("grid", {})
    written = {
        name: axis if isinstance(axis, str) else ",".join(map(str, axis))
        for name, axis in grid.items()
    }
    arguments = [command, *options(grid=written, **how), "--", *names]
    # Text and figures are worked out anew, which rows that can be read once do not allow; nor are
    # files written twice.
    is_lasting = not files and not {"save", "manifest", "crate", "unmatched"} & how.keys()
    again = Command((command, *options(grid=written, **how), *names)) if is_lasting else None
    said = run_with([*arguments[:1], "--format=csv", *arguments[1:]], files, progress)
    has_figure = command == "validate" and again is not None
    kinds = {"ahead_months": "int", "dyads": "int"}
    try:
        return Table(said.data, again=again, notes=said.notes, has_figure=has_figure, kinds=kinds)
    except ValueError:
        # A half-life may be none at all.
        words = kinds | dict.fromkeys(("value", "low", "high"), "text")
        return Table(said.data, again=again, notes=said.notes, has_figure=has_figure, kinds=words)
