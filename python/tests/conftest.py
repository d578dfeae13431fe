"""What tests share: the root of the repository, and the command line beside the package."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

#: Runs the command line and gives what it prints.
Terminal = Callable[..., bytes]


def program() -> Path:
    """The command line: `DETENTE` names it, else it is the one that was built last."""
    named = os.environ.get("DETENTE")
    if named is not None:
        return Path(named).resolve()
    built = [ROOT / "target" / profile / "detente" for profile in ("release", "debug")]
    found = [path for path in built if path.exists()]
    if not found:
        raise FileNotFoundError("build the command line first: cargo build")
    return max(found, key=lambda path: path.stat().st_mtime)


@pytest.fixture(autouse=True)
def at_the_root() -> Iterator[None]:
    """Names in the guide are from the root of the repository on, and so are they here."""
    before = Path.cwd()
    os.chdir(ROOT)
    yield
    os.chdir(before)


@pytest.fixture(scope="session")
def terminal() -> Terminal:
    path = program()

    def run(*arguments: str, status: tuple[int, ...] = (0, 1)) -> bytes:
        done = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode in status, done.stderr.decode()
        return done.stdout

    return run
