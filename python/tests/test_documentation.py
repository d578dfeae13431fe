"""The examples of the documentation run, and everything public has one sentence at least."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import detente as dt
from conftest import ROOT, program

MODULES = ["detente"] + [
    f"detente.{module.name}"
    for module in pkgutil.iter_modules(dt.__path__)
    if module.name != "_detente"
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert failed == 0


def test_everything_public_is_documented() -> None:
    bare = [name for name in dt.__all__ if not getattr(dt, name).__doc__]
    for owner in (dt.Log, dt.Scenario, dt.Ensemble, dt.Table, dt.Document):
        own = vars(owner).items()
        bare += [
            f"{owner.__name__}.{name}"
            for name, value in own
            if not name.startswith("_") and not getattr(value, "__doc__", None)
        ]
    assert bare == []


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not at hand")
def test_the_recipe_for_r(tmp_path: Path) -> None:
    """What stands behind `#>` in the guide's samples for R is what R prints there."""
    text = (ROOT / "docs" / "guide" / "python.md").read_text()
    recipe = "\n".join(re.findall(r"^```r\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    expected = [line[3:] for line in recipe.splitlines() if line.startswith("#> ")]
    assert len(expected) > 5
    (tmp_path / "recipe.R").write_text(f"pdf('{tmp_path}/plots.pdf')\noptions(width = 80)\n{recipe}")
    (tmp_path / "detente").symlink_to(program())
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["Rscript", "--vanilla", str(tmp_path / "recipe.R")],
        cwd=ROOT,
        env={**os.environ, "PATH": path, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [line.rstrip() for line in done.stdout.splitlines()] == [line.rstrip() for line in expected]
    assert "Warning" not in done.stderr, done.stderr
    assert (tmp_path / "plots.pdf").stat().st_size > 1_000


def test_the_chapter_of_the_guide() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "guide" / "python.md"), module_relative=False)
    assert failed == 0 and tried > 20
