"""The story of each act, in order; the command, the page, the service and Python call these and nothing else."""

from .audit import audit_show, audit_verify, where
from .job import Progress
from .publishing import publish
from .summary import Asked, Combined, DocumentResult, Summary

__all__ = ["Asked", "Combined", "DocumentResult", "Progress", "Summary", "audit_show", "audit_verify", "publish", "where"]
