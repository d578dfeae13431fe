"""Notebooks run, and give what stands in them. `NOTEBOOKS_UPDATE=1 pytest` writes their outputs anew."""

from __future__ import annotations

import os
from typing import Any

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient

NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))

#: A notebook is to be read, not to be downloaded.
MOST_BYTES = 200_000


def outputs(notebook: Any) -> list[Any]:
    """What cells give, without the numbers of when."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [
        [{name: out[name] for name in ("name", "text", "data") if name in out} for out in cell.outputs]
        for cell in cells
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: str(path.stem))
def test_a_notebook_gives_what_stands_in_it(path: Any) -> None:
    written = nbformat.read(path, as_version=4)
    expected = outputs(written)
    NotebookClient(written, timeout=300, resources={"metadata": {"path": str(ROOT)}}).execute()
    if os.environ.get("NOTEBOOKS_UPDATE"):
        for cell in written.cells:
            cell.metadata = {}
        written.metadata.pop("language_info", None)
        nbformat.write(written, path)
    else:
        assert outputs(written) == expected
    assert path.stat().st_size < MOST_BYTES


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) == 4
