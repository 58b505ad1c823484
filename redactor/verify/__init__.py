"""A second, independent look at every finished copy."""

from __future__ import annotations

from .forms import Forms, Probe, tally
from .proof import Proof, prove

__all__ = ["Forms", "Probe", "Proof", "prove", "tally"]
