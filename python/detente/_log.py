"""Histories: logs of sourced events."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ._command import (
    Command,
    Day,
    Model,
    Name,
    Output,
    Progress,
    Several,
    dates,
    model_options,
    options,
)
from ._errors import Diagnostic, InputError
from ._table import Document, Table

#: The name under which events that are handed over are read.
EVENTS = "<events>"


@dataclass(frozen=True)
class Head:
    """How a log ends: how many events it has, and the chain of its last line."""

    #: How many events.
    events: int
    #: 32 hexadecimal digits; whoever keeps them can tell later whether a line was changed.
    head: str

    @classmethod
    def _of(cls, said: Output) -> Head:
        """Reads the last line that ``log verify`` and ``log append`` print."""
        last = said.text.rstrip("\n").rsplit("\n", 1)[-1]
        found = re.search(r"(\d+) events?(?: as written)?, head ([0-9a-f]{32})$", last)
        if found is None:
            raise RuntimeError(f"the end of a log is not understood: {last}")
        return cls(int(found[1]), found[2])


class Log:
    """An append-only log of sourced events.

    >>> import detente as dt
    >>> dt.Log.recorded().verify()
    Head(events=12, head='740724ef678561977938e9f027fb7cfb')
    """

    #: The path, or the name of a history that ships.
    name: str
    #: Of a log that was imported: what became of every row.
    notes: str

    def __init__(self, name: Name) -> None:
        """The log of a name. Nothing is read yet, and the file need not be there to append to it."""
        self.name = os.fspath(name)
        self.notes = ""

    @classmethod
    def recorded(cls) -> Log:
        """The recorded history, from the annexation of Crimea to the call of January 2017."""
        return cls("recorded")

    @classmethod
    def shipped(cls, name: str) -> Log:
        """A history that ships, by its name: :func:`histories` lists them."""
        names = [row["name"] for row in json.loads(Command(("histories",)).run("--format=json").data)]
        if name not in names:
            message = f"unknown history `{name}`"
            help = f"histories that ship: {', '.join(names)}"
            text = f"error: {message}\n  = help: {help}"
            raise InputError(text, [Diagnostic(None, None, None, message, help)])
        return cls(name)

    @classmethod
    def open(cls, path: Name) -> Log:
        """A log of your own, which must be there and as it was written."""
        log = cls(path)
        log.verify()
        return log

    def __fspath__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"Log({self.name!r})"

    def verify(self, *, head: str | None = None, progress: Progress = None) -> Head:
        """Verifies that no line was changed, added, moved or removed, and says how the log ends.

        With ``head`` that end is compared, which shows whether the last lines were taken away.
        """
        arguments = ("log", "verify", self.name, *options(head=head))
        return Head._of(Command(arguments).run(progress=progress))

    def events(
        self, ids: Iterable[str] = (), *, as_known_on: Day | None = None
    ) -> list[dict[str, Any]]:
        """The events as they stand in the log, all or those of some ids.

        >>> import detente as dt
        >>> dt.Log.recorded().events(["us-ru-call"])[0]["minutes"]
        60
        """
        chosen = options(as_known_on=as_known_on, format="json")
        arguments = ("log", "show", *chosen, "--", self.name, *ids)
        events: list[dict[str, Any]] = json.loads(Command(arguments).run().data)
        return events

    def append(
        self,
        events: Mapping[str, Any] | Iterable[Mapping[str, Any]] | str | bytes,
        *,
        recorded: Day | None = None,
        expect_version: int | None = None,
        dry_run: bool = False,
    ) -> Head:
        """Appends events, all or none, and says how the log ends then.

        An event is a mapping of its fields, which ``detente schema event`` describes; text is read
        as the command line reads a file of events, JSON or a table. ``recorded`` is the day of
        recording of events that bring none, and else today. With ``expect_version`` nothing is
        appended unless the log has so many events; with ``dry_run`` nothing is written at all.
        """
        if isinstance(events, (str, bytes)):
            text = events.encode() if isinstance(events, str) else events
        else:
            several = [events] if isinstance(events, Mapping) else [dict(event) for event in events]
            text = json.dumps(several, ensure_ascii=False, indent=1, default=_day).encode()
        chosen = options(recorded=recorded, expect_version=expect_version, dry_run=dry_run)
        command = Command(("log", "append", self.name, EVENTS, *chosen), {EVENTS: text})
        return Head._of(command.run())

    def retract(
        self,
        ids: Several,
        *,
        reason: str | None = None,
        cascade: bool = False,
        recorded: Day | None = None,
        expect_version: int | None = None,
    ) -> Head:
        """Retracts events: they stay in the log and no longer count. That is final."""
        several = [ids] if isinstance(ids, str) else list(ids)
        chosen = options(
            reason=reason, cascade=cascade, recorded=recorded, expect_version=expect_version
        )
        command = Command(("log", "retract", *chosen, "--", self.name, *several))
        return Head._of(command.run())

    def replay(
        self,
        *,
        dyad: Several | None = None,
        to: Day | int | None = None,
        from_: Day | None = None,
        as_known_on: Day | None = None,
        model: Model | None = None,
        set: Mapping[str, object] | None = None,
        progress: Progress = None,
    ) -> Table:
        """What each event did to each dyad: a row for each event and dyad that it moves.

        ``to`` is the end of a day, or right after an event by its id or number; ``as_known_on``
        leaves out what was recorded later. ``model`` is a preset, a file, or parameters such as
        ``{"half_life_words_days": 90}``, ``set`` changes some of its parameters. Temperatures are in
        degrees from -10 to 10. The columns are those of the guide's chapter on outputs.
        """
        command = self._replay(
            model, dyad=dyad, to=to, from_=from_, as_known_on=as_known_on, set=set
        )
        said = command.run("--format=csv", progress=progress)
        return Table(said.data, again=command, notes=said.notes, has_figure=True)

    def levels(
        self,
        every: str | Day | Iterable[Day] = "month",
        *,
        dyad: Several | None = None,
        to: Day | int | None = None,
        from_: Day | None = None,
        as_known_on: Day | None = None,
        model: Model | None = None,
        set: Mapping[str, object] | None = None,
        progress: Progress = None,
    ) -> Table:
        """Temperature, equilibrium (degrees) and phase of each dyad on dates: a balanced panel.

        ``every`` is ``day``, ``week``, ``month``, or some dates.
        """
        command = self._replay(
            model,
            dyad=dyad,
            to=to,
            from_=from_,
            as_known_on=as_known_on,
            set=set,
            every=dates(every),
        )
        said = command.run("--format=csv", progress=progress)
        return Table(said.data, again=command, notes=said.notes)

    def state(
        self,
        at: Day | int | None = None,
        *,
        dyad: Several | None = None,
        as_known_on: Day | None = None,
        model: Model | None = None,
        set: Mapping[str, object] | None = None,
        progress: Progress = None,
    ) -> Document:
        """How things stand at the end of a day, or right after an event: temperatures, phases,
        standing measures, agenda and meetings of each dyad.

        All of the log is read and verified: no snapshot is used or written.
        """
        command = self._replay(
            model,
            dyad=dyad,
            to=at,
            as_known_on=as_known_on,
            set=set,
            state_only=True,
            # A call that asks writes no file.
            no_snapshot=True,
        )
        said = command.run("--format=json", progress=progress)
        return Document(said, again=command)

    def _replay(self, model: Model | None, **how: object) -> Command:
        chosen, files = model_options(model)
        return Command(("replay", self.name, *chosen, *options(**how)), files)


def histories() -> Table:
    """The histories that ship, a row each."""
    command = Command(("histories",))
    return Table(command.run("--format=csv").data, again=command)


def _day(value: object) -> str:
    """Days in events."""
    import datetime

    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong into an event")
