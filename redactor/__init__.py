"""Survivor-safe publication: a bundle of documents in, publishable copies and a public audit log out.

import redactor
summaries = redactor.publish([Path("samples/operation-larkspur")], Path("out"))
"""

from __future__ import annotations

from .actions import Summary, audit_show, audit_verify, publish, where
from .errors import RedactorError

__all__ = ["RedactorError", "Summary", "__version__", "audit_show", "audit_verify", "publish", "where"]
__version__ = "0.1.0"
