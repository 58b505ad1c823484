"""A second, independent look at every finished copy."""

from __future__ import annotations

from .forms import Forms, Probe, tally
from .proof import Proof, prove, prove_data

__all__ = ["Forms", "Probe", "Proof", "prove", "prove_data", "tally"]
