"""Questions: where histories differ, and why a temperature is what it is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ._command import Command, Day, Model, Progress, Several, dates, model_options, options
from ._log import Log
from ._scenario import Scenario
from ._table import Table

if TYPE_CHECKING:
    from ._scenario import History


def _named(history: History) -> tuple[str, dict[str, bytes]]:
    """The name of a history, and the file that it is in if that is in memory."""
    if isinstance(history, Scenario):
        return history.name, history._files
    if isinstance(history, Log):
        return history.name, {}
    return os.fspath(history), {}


def compare(
    *histories: History,
    dyad: Several | None = None,
    as_known_on: Day | None = None,
    run: int = 0,
    seed: int | None = None,
    from_: Day | None = None,
    to: Day | None = None,
    every: str | Day | Iterable[Day] | None = None,
    model: Model | None = None,
    set: Mapping[str, object] | None = None,
    models: Several | None = None,
    progress: Progress = None,
) -> Table:
    """Where histories part: a row for each history, dyad and date, with the temperature and its gap
    to that of the first, in degrees.

    ``as_known_on`` leaves out of logs what was recorded later. ``run`` and ``seed`` say which run of
    scenarios with chance. With ``models`` (``"all"``, or
    several), or a ``set`` of several values such as ``{"gain": "0.1,0.5"}``, the answer is tried
    under each of them, and a row says what becomes of it.

    >>> import detente as dt
    >>> gaps = dt.compare("recorded", "scenarios/no-call.json", dyad="RUS-USA")
    >>> round(min(row["gap"] for row in gaps.rows()), 2)
    -1.26
    """
    files: dict[str, bytes] = {}
    names = []
    for history in histories:
        name, own = _named(history)
        names.append(name)
        files.update(own)
    chosen, model_files = model_options(model)
    files.update(model_files)
    settings = {
        name: ",".join(map(str, value)) if isinstance(value, (list, tuple)) else value
        for name, value in (set or {}).items()
    }
    ladders = any(isinstance(value, str) and ("," in value or ".." in value) for value in settings.values())
    chosen += options(
        dyad=dyad,
        as_known_on=as_known_on,
        run=run or None,
        seed=seed,
        from_=from_,
        to=to,
        every=dates(every),
        set=settings,
        models=models if models is None or isinstance(models, str) else ",".join(models),
    )
    command = Command(("compare", *names, *chosen), files)
    said = command.run("--format=csv", progress=progress)
    tries = models is not None or ladders
    # Under other models `value` is that of a parameter, which may be a word.
    kinds = {"value": "text"} if tries else None
    return Table(said.data, again=command, notes=said.notes, kinds=kinds, has_figure=not tries)


def why(
    history: History = "recorded",
    *,
    dyad: str | None = None,
    at: Day | None = None,
    from_: Day | None = None,
    every: str | Day | Iterable[Day] | None = None,
    crossing: float | None = None,
    by: str | None = None,
    sort: str | None = None,
    top: int | None = None,
    as_known_on: Day | None = None,
    run: int = 0,
    seed: int | None = None,
    model: Model | None = None,
    set: Mapping[str, object] | None = None,
    progress: Progress = None,
) -> Table:
    """Why a temperature is what it is: a row for each event and standing measure with its ``push``,
    its ``share`` of the temperature and the ``effect`` of leaving it out, in degrees.

    ``at`` is the end of a day or right after an event, by its id; ``crossing`` is the moment at which
    the temperature first passed so many degrees. ``by`` sums by ``source``, ``act`` or ``year``,
    ``sort`` is by ``size`` or ``date``, ``top`` the most rows of events. ``as_known_on`` leaves out
    of a log what was recorded later.

    >>> import detente as dt
    >>> ledger = dt.why(dyad="RUS-USA", at="2017-01-27")
    >>> shares = [row["share"] for row in ledger.rows()]
    >>> abs(sum(shares) - ledger.rows()[0]["temperature"]) < 1e-9
    True
    """
    name, files = _named(history)
    chosen, model_files = model_options(model)
    chosen += options(
        dyad=dyad,
        at=at,
        from_=from_,
        every=dates(every),
        crossing=crossing,
        by=by,
        sort=sort,
        top=top,
        as_known_on=as_known_on,
        run=run or None,
        seed=seed,
        set=set,
    )
    command = Command(("why", name, *chosen), {**files, **model_files})
    said = command.run("--format=csv", progress=progress)
    return Table(said.data, again=command, notes=said.notes, has_figure=every is None)
