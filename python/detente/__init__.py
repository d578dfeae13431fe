"""Detente replays the documented history of relations between states, branches it, and shows what
the branch would have changed.

Everything is done by the engine of the command line, and gives the same bytes. Tables speak the
Arrow PyCapsule interface, so that polars, pandas, pyarrow and DuckDB take them without a copy.

>>> import detente as dt
>>> log = dt.Log.recorded()
>>> trace = log.replay(dyad="RUS-USA")
>>> print(f"{trace.rows()[-1]['temperature_after']:.2f}")
-1.40

Results hold under the model that is printed beside them. Nothing here judges, predicts or estimates
causes.
"""

from ._ask import compare, why
from ._command import Output, command
from ._errors import Diagnostic, InputError
from ._events import Part, import_, index, index_part
from ._log import Head, Log, histories
from ._merge import merge
from ._scenario import Ensemble, Scenario
from ._table import Document, Table
from ._trials import fit, validate

__version__ = "0.2.0"

__all__ = [
    "Diagnostic",
    "Document",
    "Ensemble",
    "Head",
    "InputError",
    "Log",
    "Output",
    "Part",
    "Scenario",
    "Table",
    "command",
    "compare",
    "fit",
    "histories",
    "import_",
    "index",
    "index_part",
    "merge",
    "validate",
    "why",
]
