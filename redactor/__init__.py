"""Survivor-safe publication: a bundle of documents in, publishable copies and a public audit log out.

    import redactor
    summaries = redactor.publish([Path("samples/operation-larkspur")], Path("out"))

Names load when they are first used: the command must answer `-h` at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .actions import Reply, Summary, answer, audit_show, audit_verify, evaluate, list_questions, publish, where
    from .errors import RedactorError

__all__ = [
    "RedactorError",
    "Reply",
    "Summary",
    "__version__",
    "answer",
    "audit_show",
    "audit_verify",
    "evaluate",
    "list_questions",
    "publish",
    "where",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name == "RedactorError":
        from .errors import RedactorError

        return RedactorError
    if name in __all__:
        from . import actions

        return getattr(actions, name)
    raise AttributeError(name)
