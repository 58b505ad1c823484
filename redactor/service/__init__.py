"""The HTTP service: bundles in as jobs, copies out, the same acts as the command; a token for every request."""

from .access import Access
from .app import make_service
from .hooks import Hooks
from .jobs import Jobs

__all__ = ["Access", "Hooks", "Jobs", "make_service"]
