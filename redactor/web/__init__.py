"""The reviewers' desks: small web applications for the loopback interface: pages, forms, and the acts they call."""

from .app import make_app
from .audit_app import make_audit_app
from .guard import Guard

__all__ = ["Guard", "make_app", "make_audit_app"]
