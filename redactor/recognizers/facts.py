"""Facts that identify: the recognizers for dates and ages, places and work, kin, health and distinctive facts.

What is looked for stands in facts.yaml. Every finding is a candidate: whether it is about a protected person is decided
later, so that a fact about nobody protected stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from presidio_analyzer import EntityRecognizer

from .base import TextRecognizer
from .facts_dates import KINDS as DATES
from .facts_dates import dates
from .facts_life import KINDS as LIFE
from .facts_life import life
from .facts_places import KINDS as PLACES
from .facts_places import places


def _no_town(_name: str) -> bool:
    return False


def fact_recognizers(is_town: Callable[[str], bool] | None = None) -> list[EntityRecognizer]:
    """The recognizers for facts. `is_town` tells a settlement that stays named; without it no place is taken for one.

    Each result's `recognition_metadata` holds "kind", "why" (the rule's id) and "attributes" (detail code, then context codes).
    """
    return [
        TextRecognizer("facts_dates", DATES, dates),
        TextRecognizer("facts_places", PLACES, partial(places, is_town=is_town or _no_town)),
        TextRecognizer("facts_life", LIFE, life),
    ]
