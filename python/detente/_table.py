"""Tables, which Arrow libraries take without a copy, and other results with a form for notebooks."""

from __future__ import annotations

import csv
import html
import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ._command import Command, Output
from ._detente import Columns

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

#: What columns hold that do not hold text, by their names, in all tables.
KINDS: dict[str, str] = {
    **dict.fromkeys(["date", "recorded", "since", "at", "from", "to", "day"], "date"),
    **dict.fromkeys(
        [
            "temperature_before",
            "waiting_part",
            "event_part",
            "temperature_after",
            "impact",
            "equilibrium",
            "equilibrium_after",
            "balance_after",
            "temperature",
            "gap",
            "push",
            "share",
            "effect",
            "value",
            "low",
            "high",
            "conflict_share",
            "weight_sum",
            "weight_mean",
            "level",
            "level_low",
            "level_high",
            "conflict_level",
            "conflict_level_low",
            "conflict_level_high",
            "material_conflict_rate",
            "decayed_mean",
            "weight",
            "goldstein_gdelt",
            "goldstein_icews",
            "mean",
            "sd",
            "p05",
            "p25",
            "p50",
            "p75",
            "p95",
            "probability",
            "explained",
        ],
        "float",
    ),
    **dict.fromkeys(
        [
            "seq",
            "count",
            "run",
            "runs",
            "point",
            "in_runs",
            "events",
            "first_to_second",
            "second_to_first",
            "files",
            "rows",
            *(
                f"{direction}{quad}"
                for direction in ["", "first_to_second_", "second_to_first_"]
                for quad in [
                    "verbal_cooperation",
                    "material_cooperation",
                    "verbal_conflict",
                    "material_conflict",
                ]
            ),
        ],
        "int",
    ),
    "seed": "uint",
}

#: How many rows and columns a notebook shows.
SHOWN_ROWS = 20


class Shown:
    """A result that shows itself: as text in a terminal, as HTML and figures in a notebook."""

    #: The notes of the command beside it, such as what became of every row.
    notes: str

    def __init__(self, again: Command | None, notes: str, has_figure: bool) -> None:
        self._again = again
        self._has_figure = has_figure
        self.notes = notes

    def text(self) -> str:
        """The same as the terminal shows it.

        What is not at hand is worked out anew, from files as they are then.
        """
        if self._again is None:
            raise TypeError("this result has no text of its own")
        return self._again.run().text

    def svg(
        self, *, width: int | None = None, theme: str | None = None, title: str | None = None
    ) -> str:
        """A figure as SVG, ``width`` pixels wide, in the theme ``light`` or ``dark``."""
        from ._command import options

        if self._again is None or not self._has_figure:
            raise TypeError("this result has no figure")
        more = options(format="svg", width=width, theme=theme, title=title)
        return self._again.run(*more).text

    def _repr_html_(self) -> str | None:
        return None

    def _repr_svg_(self) -> str | None:
        return self.svg() if self._has_figure else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        forms = {"text/plain": repr(self) if self._again is None else self.text()}
        rich = {"text/html": self._repr_html_(), "image/svg+xml": self._repr_svg_()}
        return forms | {kind: form for kind, form in rich.items() if form is not None}

    def __str__(self) -> str:
        return repr(self) if self._again is None else self.text()


class Table(Shown):
    """Rows and columns, as the CSV of a command has them.

    Whatever takes Arrow takes it without a copy, by ``__arrow_c_stream__``: ``polars.DataFrame(t)``,
    ``pyarrow.table(t)``, ``duckdb.sql("from t")`` behind ``t = table.to_arrow()``. Days are
    ``date32``, degrees and shares ``float64`` with every bit, counts ``int64``, seeds ``uint64``;
    codes, names and lists with ``;`` between are text. What is empty in the CSV is null.

    >>> import detente as dt
    >>> trace = dt.Log.recorded().replay(dyad="RUS-USA")
    >>> len(trace), trace.names[:3]
    (7, ['seq', 'id', 'date'])
    >>> trace.rows()[0]["temperature_after"]
    -0.710698331427074
    """

    def __init__(
        self,
        data: bytes,
        *,
        kinds: Mapping[str, str] | None = None,
        again: Command | None = None,
        notes: str = "",
        has_figure: bool = False,
    ) -> None:
        super().__init__(again, notes, has_figure)
        self._data = data
        self._kinds = {**KINDS, **(kinds or {})}
        self._columns = Columns(data, self._kinds)

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return self._columns.names

    def __len__(self) -> int:
        return len(self._columns)

    def __arrow_c_schema__(self) -> object:
        return self._columns.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._columns.__arrow_c_stream__(requested_schema)

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str | None:
        """The CSV that the command line prints, byte for byte: as text, or into a file."""
        if path is None:
            return self._data.decode("utf-8")
        with open(path, "wb") as file:
            file.write(self._data)
        return None

    def rows(self) -> list[dict[str, Any]]:
        """Each row by the names of its columns, with dates, numbers, text and None."""
        return list(self._rows())

    def _rows(self) -> Iterator[dict[str, Any]]:
        import datetime

        read: dict[str, Callable[[str], Any]] = {
            "float": float,
            "int": int,
            "uint": int,
            "date": datetime.date.fromisoformat,
        }
        for row in csv.DictReader(io.StringIO(self._data.decode("utf-8"), newline="")):
            yield {
                name: None if text == "" else read.get(self._kinds.get(name, ""), _no_formula)(text)
                for name, text in row.items()
            }

    def to_arrow(self) -> pyarrow.Table:
        """A table of pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> pandas.DataFrame:
        """A data frame of pandas, by way of pyarrow."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas()
        return frame

    def to_polars(self) -> polars.DataFrame:
        """A data frame of polars."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        return f"<detente.Table of {len(self)} rows: {', '.join(self.names)}>"

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.names)
        lines = [f"<table><thead><tr>{head}</tr></thead><tbody>"]
        for place, row in enumerate(self._rows()):
            if place == SHOWN_ROWS:
                more = len(self) - SHOWN_ROWS
                lines.append(f'<tr><td colspan="{len(self.names)}">… {more} more</td></tr>')
                break
            cells = ("" if value is None else str(value) for value in row.values())
            lines.append("<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>")
        lines.append("</tbody></table>")
        return "\n".join(lines)


def _no_formula(text: str) -> str:
    """A text as it was before the CSV kept it from being a formula of a spreadsheet."""
    behind = text.lstrip("'")
    is_kept = text.startswith("'") and behind.startswith(("=", "+", "-", "@", "\t", "\r"))
    return text[1:] if is_kept else text


class Document(Shown, Mapping[str, Any]):
    """Everything of a result as the JSON of a command has it, by its names.

    >>> import detente as dt
    >>> state = dt.Log.recorded().state("2016-06-30", dyad="RUS-USA")
    >>> round(state["state"]["dyads"][0]["temperature"], 2)
    -2.78
    """

    def __init__(
        self,
        output: Output,
        *,
        again: Command | None = None,
        has_figure: bool = False,
    ) -> None:
        super().__init__(again, output.notes, has_figure)
        self._json = output.data
        self._value: dict[str, Any] = json.loads(output.data)

    def __getitem__(self, name: str) -> Any:
        return self._value[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def to_json(self) -> str:
        """The JSON that the command line prints, byte for byte."""
        return self._json.decode("utf-8")

    def __repr__(self) -> str:
        return f"<detente.Document of {', '.join(self)}>"
