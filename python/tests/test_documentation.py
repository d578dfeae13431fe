"""The examples of the documentation run, and everything public has one sentence at least."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import detente as dt
from conftest import ROOT

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


def test_the_chapter_of_the_guide() -> None:
    failed, tried = doctest.testfile(str(ROOT / "docs" / "guide" / "python.md"), module_relative=False)
    assert failed == 0 and tried > 20
