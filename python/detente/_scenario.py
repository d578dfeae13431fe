"""Scenarios: what if."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ._command import Command, Day, Name, Progress, Several, dates, options
from ._events import _named_parts
from ._log import Log
from ._table import Document, Shown, Table

if TYPE_CHECKING:
    from typing import Union

    #: A log or a scenario, or the path of one.
    History = Union[Log, "Scenario", Name]


class Scenario:
    """A what-if: a history with a different tail.

    A mapping has the fields of a scenario file, which the guide's chapter *The scenario file*
    describes. A ``base`` that is a path is one from ``folder`` on.

    >>> import detente as dt
    >>> no_call = dt.Scenario({
    ...     "title": "The call never happens",
    ...     "base": "recorded",
    ...     "fork": {"before": "us-ru-call"},
    ...     "tail": "keep",
    ...     "until": "2018-12-31",
    ...     "edits": [{"drop": {"event": "us-ru-call", "cascade": True}}],
    ... })
    >>> end = no_call.run()["state"]
    >>> [round(dyad["temperature"], 2) for dyad in end["dyads"] if dyad["dyad"] == "RUS-USA"]
    [-2.49]
    """

    #: The path, or the name that a mapping is called by.
    name: str

    def __init__(
        self, fields: Mapping[str, Any], *, name: str = "<scenario>", folder: Name = ""
    ) -> None:
        """Checks the fields; every mistake is in the error."""
        text = json.dumps(dict(fields), ensure_ascii=False, indent=1)
        self.name = os.path.join(os.fspath(folder), name)
        self._files = {self.name: text.encode()}
        self._check()

    @classmethod
    def open(cls, path: Name) -> Scenario:
        """A scenario file, checked; every mistake is in the error."""
        scenario = cls.__new__(cls)
        scenario.name = os.fspath(path)
        scenario._files = {}
        scenario._check()
        return scenario

    def _check(self) -> None:
        Command(("run", self.name, "--all-dyads"), self._files).run()

    def __repr__(self) -> str:
        return f"Scenario({self.name!r})"

    def run(
        self,
        *,
        run: int = 0,
        seed: int | None = None,
        dyad: Several | None = None,
    ) -> Document:
        """One run: each event with what became of it and what it did, as a document.

        ``run`` is which run of its chances, from 0; ``seed`` is the scenario's unless given.
        """
        chosen = options(run=run, seed=seed, dyad=dyad)
        command = Command(("run", self.name, *chosen), self._files)
        return Document(command.run("--format=json"), again=command)

    def branch(self, path: Name, *, run: int = 0, seed: int | None = None) -> Log:
        """Saves one run as a log like any other, at a path where nothing is yet."""
        chosen = options(run=run, seed=seed, log=os.fspath(path))
        Command(("run", self.name, *chosen), self._files).run()
        return Log(path)

    def ensemble(
        self,
        runs: int = 10_000,
        *,
        against: Iterable[Scenario] = (),
        seed: int | None = None,
        threads: int | None = None,
        dyad: Several | None = None,
        from_: Day | None = None,
        to: Day | None = None,
        every: str | Day | Iterable[Day] | None = None,
        shard: tuple[int, int] | None = None,
        progress: Progress = None,
    ) -> Ensemble:
        """Many runs, with their chances drawn anew in each, counted.

        ``against`` are scenarios that are compared with this one run by run. The result is the same
        for any number of ``threads``. ``shard=(3, 16)`` plays the third of sixteen equal shares of
        the runs; :func:`merge` adds them up, and the result is that of one ensemble to the byte.
        Ctrl-C stops it, and nothing is given then.
        """
        others = list(against)
        every_one = [self, *others]
        chosen = options(
            runs=runs,
            seed=seed,
            threads=threads,
            dyad=dyad,
            from_=from_,
            to=to,
            every=dates(every),
            shard=f"{shard[0]}/{shard[1]}" if shard is not None else None,
        )
        files = {name: text for one in every_one for name, text in one._files.items()}
        names = [one.name for one in every_one]
        with tempfile.TemporaryDirectory(prefix="detente-") as folder:
            part = Path(folder) / "part.json"
            arguments = ("ensemble", *names, *chosen, f"--output={part}")
            said = Command(arguments, files).run(progress=progress)
            data = part.read_bytes()
        notes = "".join(
            line for line in said.notes.splitlines(keepends=True) if str(part) not in line
        )
        return Ensemble([data], notes=notes)

    def exact(
        self,
        *,
        dyad: Several | None = None,
        from_: Day | None = None,
        to: Day | None = None,
        every: str | Day | Iterable[Day] | None = None,
    ) -> Table:
        """Exact probabilities, where all chance is in chance nodes: all ways are walked."""
        chosen = options(
            exact=True,
            dyad=dyad,
            from_=from_,
            to=to,
            every=dates(every),
        )
        command = Command(("ensemble", self.name, *chosen), self._files)
        said = command.run("--format=csv")
        return Table(said.data, again=command, notes=said.notes)

    def sweep(
        self,
        axes: Mapping[str, str | Iterable[float]],
        *,
        model: str | None = None,
        runs: int = 1,
        seed: int | None = None,
        dyad: Several | None = None,
        from_: Day | None = None,
        to: Day | None = None,
        every: str | Day | Iterable[Day] | None = None,
        threads: int | None = None,
        progress: Progress = None,
    ) -> Table:
        """Outcomes and final temperatures over a grid of parameters.

        An axis is several numbers, or text such as ``"30..365:12"``, twelve of them in equal steps.
        """
        written = {
            name: axis if isinstance(axis, str) else ",".join(repr(one) for one in axis)
            for name, axis in axes.items()
        }
        chosen = options(
            set=written,
            model=model,
            runs=runs,
            seed=seed,
            dyad=dyad,
            from_=from_,
            to=to,
            every=dates(every),
            threads=threads,
        )
        command = Command(("sweep", self.name, *chosen), self._files)
        said = command.run("--format=csv", progress=progress)
        kinds = dict.fromkeys(axes, "float")
        return Table(said.data, again=command, notes=said.notes, kinds=kinds)


#: Which statistics of an ensemble are of a temperature.
FAN = ("mean", "sd", "p05", "p25", "p50", "p75", "p95")


class Ensemble(Shown):
    """What many runs add up to: whole, or a part of it, which :func:`merge` adds to others.

    It can be pickled and sent to another machine; ``bytes`` gives what ``detente merge`` takes as a
    file.

    >>> import detente as dt
    >>> summit = dt.Scenario.open("scenarios/summit-by-chance.json")
    >>> fan = summit.ensemble(runs=1000)
    >>> row = fan.outcomes.rows()[0]
    >>> row["outcome"], row["probability"]
    ('meeting-held', 0.802)
    >>> parts = [summit.ensemble(runs=1000, shard=(k, 3)) for k in (1, 2, 3)]
    >>> dt.merge(parts).to_csv() == fan.to_csv()
    True
    """

    def __init__(self, parts: list[bytes], notes: str = "") -> None:
        self._parts = parts
        names, files = _named_parts(parts)
        command = Command(("merge", *names), files)
        super().__init__(command, notes, has_figure=True)
        self._table: Table | None = None

    def __bytes__(self) -> bytes:
        """The part, as ``detente ensemble -o`` writes it."""
        if len(self._parts) != 1:
            raise TypeError("this is made of several parts; each has its own bytes")
        return self._parts[0]

    @property
    def parts(self) -> list[bytes]:
        """The parts that it is made of, each as ``detente merge`` takes it."""
        return list(self._parts)

    def save(self, path: Name) -> None:
        """Saves a part as a file, which ``detente merge`` and :meth:`open` take."""
        Path(path).write_bytes(bytes(self))

    @classmethod
    def open(cls, path: Name) -> Ensemble:
        """A part that was saved."""
        return cls([Path(path).read_bytes()])

    def __reduce__(self) -> tuple[type[Ensemble], tuple[list[bytes], str]]:
        return (Ensemble, (self._parts, self.notes))

    @property
    def tidy(self) -> Table:
        """One row for each statistic, as the CSV of the command line: its columns are in the guide."""
        if self._table is None:
            assert self._again is not None
            said = self._again.run("--format=csv")
            self.is_partial = said.differs
            self._table = Table(said.data, notes=said.notes)
        return self._table

    def to_csv(self, path: Name | None = None) -> str | None:
        """The CSV that the command line prints, byte for byte: as text, or into a file."""
        return self.tidy.to_csv(path)

    def to_json(self) -> str:
        """The JSON that the command line prints, byte for byte."""
        assert self._again is not None
        return self._again.run("--format=json").text

    @property
    def temperatures(self) -> Table:
        """Of each scenario, dyad and date: mean, sd and percentiles in degrees."""
        return self._wide(["scenario", "compared_with", "dyad", "date"], FAN, FAN)

    @property
    def outcomes(self) -> Table:
        """Of each scenario and outcome: its probability, with a 95 % interval, and in how many runs."""
        return self._wide(
            ["scenario", "outcome"], ("probability", "in_runs"), ("probability", "low", "high", "in_runs")
        )

    @property
    def explained(self) -> Table:
        """Of each input: the share of the variance of a temperature or outcome that it explains."""
        return self._wide(
            ["scenario", "input", "dyad", "date", "outcome"], ("explained",), ("explained",)
        )

    def _wide(self, keys: list[str], statistics: tuple[str, ...], columns: tuple[str, ...]) -> Table:
        """Statistics as columns, a row for each key in the order in which they come."""
        text = self.tidy.to_csv()
        assert text is not None
        found: dict[tuple[str, ...], dict[str, str]] = {}
        for row in csv.DictReader(io.StringIO(text, newline="")):
            if row["statistic"] not in statistics or (row["statistic"] == "in_runs" and row["input"]):
                continue
            cells = found.setdefault(tuple(row[key] for key in keys), {})
            cells[row["statistic"]] = row["value"]
            for bound in ("low", "high"):
                if bound in columns and row[bound]:
                    cells[bound] = row[bound]
        out = io.StringIO()
        lines = csv.writer(out, lineterminator="\n")
        lines.writerow([*keys, *columns])
        for key, cells in found.items():
            lines.writerow([*key, *(_whole(cells.get(name, ""), name) for name in columns)])
        return Table(out.getvalue().encode())

    def __repr__(self) -> str:
        parts = "a part" if len(self._parts) == 1 else f"{len(self._parts)} parts"
        return f"<detente.Ensemble of {parts}>"

    def _repr_html_(self) -> str | None:
        return self.outcomes._repr_html_() if len(self.outcomes) else self.temperatures._repr_html_()


def _whole(text: str, name: str) -> str:
    """A number of runs, which tidy rows have among values of all kinds: 800.0 is 800."""
    return text.removesuffix(".0") if name == "in_runs" else text
