"""What is wrong with what a command was given."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Diagnostic:
    """One thing that is wrong, and where."""

    #: The file, as it was named; None where none is meant.
    file: str | None
    #: The line, from 1.
    line: int | None
    #: The column, from 1, in characters.
    column: int | None
    #: What is wrong.
    message: str
    #: What may help.
    help: str | None


class InputError(ValueError):
    """Everything that is wrong with what was asked. Nothing was changed.

    It prints as the command line prints it: each mistake with its file, line and column, the line
    itself, and what may help.

    >>> import detente as dt
    >>> try:
    ...     dt.Log.recorded().replay(dyad="RUS-XRL")
    ... except dt.InputError as error:
    ...     error.diagnostics[0].message
    'no event moves the dyad RUS-XRL'
    """

    #: Every mistake, in the order of the files.
    diagnostics: list[Diagnostic]
    #: How many more there are than are told.
    untold: int

    def __init__(self, text: str, diagnostics: list[Diagnostic], untold: int = 0) -> None:
        super().__init__(text)
        self.diagnostics = diagnostics
        self.untold = untold

    def __reduce__(self) -> tuple[type[InputError], tuple[str, list[Diagnostic], int]]:
        return (InputError, (str(self), self.diagnostics, self.untold))

    @classmethod
    def _of_input(
        cls,
        text: str,
        found: list[tuple[str | None, int | None, int | None, str, str | None]],
        untold: int,
    ) -> InputError:
        return cls(text, [Diagnostic(*fields) for fields in found], untold)

    @classmethod
    def _of_arguments(cls, text: str) -> InputError:
        """What the command line says of arguments, without how it is used there."""
        said = text.split("\n\nUsage:")[0].split("\n\nFor more information")[0]
        message = said.removeprefix("error: ").strip()
        return cls(said.strip(), [Diagnostic(None, None, None, message, None)])
