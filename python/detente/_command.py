"""Commands: how arguments are made of what Python has, and what comes back."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Union

from . import _detente
from ._detente import Rows

#: A day: a date, or text such as 2017-01-28.
Day = Union[str, datetime.date]
#: A path or a name.
Name = Union[str, "os.PathLike[str]"]
#: One, or several.
Several = Union[str, Iterable[str]]
#: A model: a preset, a model file, or parameters as a model file has them.
Model = Union[str, "os.PathLike[str]", Mapping[str, Any]]


class Bar(Protocol):
    """What shows progress as ``tqdm`` does."""

    total: Any

    def update(self, n: int) -> object: ...


#: True for a bar of tqdm, such a bar, or what is called with how much is done and how much there is
#: to do (0 where that is not known).
Progress = Union[bool, Bar, Callable[[int, int], object], None]

#: The name under which parameters that are given as a mapping are read.
MODEL = "<model>"


@dataclass(frozen=True)
class Output:
    """What a command gave."""

    #: What it prints into a pipe.
    data: bytes
    #: The notes beside it, such as what became of every row.
    notes: str
    #: Whether its exit status would be 1: what it looked at differs, or is not whole.
    differs: bool

    @property
    def text(self) -> str:
        """What it prints, as text."""
        return self.data.decode("utf-8")

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"text/plain": self.text + self.notes}


@dataclass(frozen=True)
class Command:
    """A command with its arguments and with the files that are in memory only."""

    arguments: tuple[str, ...]
    files: dict[str, bytes] = field(default_factory=dict)

    def run(self, *more: str, progress: Progress = None) -> Output:
        """Runs it with some more arguments."""
        with _Told(progress) as told:
            data, notes, differs = _detente.call([*self.arguments, *more], self.files, told.callback)
        return Output(data, notes, differs)


def run_with(
    arguments: Sequence[str], files: Mapping[str, bytes | Rows], progress: Progress = None
) -> Output:
    """Runs a command with files that may be rows, which can be read once."""
    with _Told(progress) as told:
        data, notes, differs = _detente.call(arguments, files, told.callback)
    return Output(data, notes, differs)


def command(*arguments: Name, progress: Progress = None) -> Output:
    """Runs any command of the command line, with its arguments one by one.

    >>> import detente as dt
    >>> print(dt.command("log", "verify", "recorded"))
    the recorded history: 12 events as written, head 740724ef678561977938e9f027fb7cfb
    <BLANKLINE>
    """
    return Command(tuple(os.fspath(argument) for argument in arguments)).run(progress=progress)


def options(**values: object) -> list[str]:
    """Options of the command line: ``as_known_on="2016-01-01"`` is ``--as-known-on=2016-01-01``.

    What is None or False is left out, True is the option alone, and what is several is the option
    several times.
    """
    arguments = []
    for name, value in values.items():
        option = "--" + name.strip("_").replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            arguments.append(option)
        elif isinstance(value, Mapping):
            arguments.extend(f"{option}={key}={_said(one)}" for key, one in value.items())
        elif isinstance(value, Iterable) and not isinstance(value, str):
            several = sorted(value) if isinstance(value, (set, frozenset)) else value
            arguments.extend(f"{option}={_said(one)}" for one in several)
        else:
            arguments.append(f"{option}={_said(value)}")
    return arguments


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    return str(value)


def dates(every: str | Day | Iterable[Day] | None) -> str | Day | None:
    """``every``: a word, a date, or several dates."""
    if isinstance(every, Iterable) and not isinstance(every, str):
        return ",".join(_said(one) for one in every)
    return every


def model_options(model: Model | None) -> tuple[list[str], dict[str, bytes]]:
    """The option of a model, and the file that parameters are handed over in."""
    if model is None:
        return [], {}
    if isinstance(model, Mapping):
        text = json.dumps(dict(model), ensure_ascii=False, indent=1)
        return [f"--model={MODEL}"], {MODEL: text.encode()}
    return [f"--model={os.fspath(model)}"], {}


class _Told:
    """Tells whoever wants to know how far a command is."""

    def __init__(self, progress: Progress) -> None:
        self.bar: Any = None
        self.is_own = False
        self.done = 0
        self.callback: Callable[[int, int], object] | None = None
        if progress is None or progress is False:
            return
        if progress is True:
            from tqdm.auto import tqdm

            self.bar = tqdm(unit_scale=True)
            self.is_own = True
        elif hasattr(progress, "update"):
            self.bar = progress
        else:
            self.callback = progress
        if self.bar is not None:
            self.callback = self.update

    def update(self, done: int, total: int) -> None:
        if total and self.bar.total != total:
            self.bar.total = total
        self.bar.update(done - self.done)
        self.done = done

    def __enter__(self) -> _Told:
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_own:
            self.bar.close()
