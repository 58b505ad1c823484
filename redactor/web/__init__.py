"""The reviewers' desk: a small web application for the loopback interface: pages, forms, and the acts they call."""

from .app import make_app
from .guard import Guard

__all__ = ["Guard", "make_app"]
