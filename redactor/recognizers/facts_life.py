"""Kin, health, origin and one-of-a-kind facts, as phrases.

Does not know whether the phrase is said of a protected person, nor whether the other party of a relationship is named.
"""

from __future__ import annotations

from ..model import Kind
from .base import Found
from .facts_rules import Sentences, run, run_fields, settle

KINDS = (Kind.DEMOGRAPHIC, Kind.DISTINCTIVE, Kind.HEALTH, Kind.KIN)


def life(text: str) -> list[Found]:
    """Facts of kinds kin, health, demographic and distinctive, without overlaps, sorted by start."""
    sentences = Sentences(text)
    found = [f for kind in KINDS for f in run(kind, text, sentences)]
    return settle([*found, *run_fields(KINDS, text)])
