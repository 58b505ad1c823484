"""A second, independent look at every finished copy."""

from __future__ import annotations

from .forms import Probe, tally
from .proof import Proof, prove, prove_data

__all__ = ["Probe", "Proof", "prove", "prove_data", "tally"]
