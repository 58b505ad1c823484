"""The story of each act, in order; the command, the page, the service and Python call these and nothing else."""

from .audit import audit_show, audit_verify, where
from .jigsaw import Together, intruder_cards, jigsaw_findings
from .job import Progress
from .publishing import publish
from .summary import Asked, Combined, DocumentResult, Summary

__all__ = [
    "Asked",
    "Combined",
    "DocumentResult",
    "Progress",
    "Summary",
    "Together",
    "audit_show",
    "audit_verify",
    "intruder_cards",
    "jigsaw_findings",
    "publish",
    "where",
]
