"""Parts, added up."""

from __future__ import annotations

from collections.abc import Iterable

from ._scenario import Ensemble


def merge(parts: Iterable[Ensemble | bytes]) -> Ensemble:
    """Adds up parts of an ensemble that were run apart.

    The result is the same to the byte as that of one ensemble, in whatever order parts come. Parts
    of another ensemble, and the same part twice, are refused; where shards are missing, ``notes``
    says so.
    """
    whole = Ensemble([data for part in parts for data in _bytes(part)])
    whole.notes = whole.tidy.notes
    return whole


def _bytes(part: Ensemble | bytes) -> list[bytes]:
    return [part] if isinstance(part, bytes) else part.parts
