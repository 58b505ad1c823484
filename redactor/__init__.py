"""Survivor-safe publication: a bundle of documents in, publishable copies and a public audit log out.

    import redactor
    summaries = redactor.publish([Path("samples/operation-larkspur")], Path("out"))

These names are what other programs may rely on (docs/api.md); whatever else the package holds may change. Names load when they
are first used: the command must answer `-h` at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .actions import (
        Draft,
        Reply,
        Summary,
        answer,
        audit_verify,
        check,
        evaluate,
        filter_text,
        list_questions,
        publish,
        read_marks,
        release,
        republish,
        sign,
        write_marks,
    )
    from .cleartext import ClearText
    from .errors import RedactorError

__all__ = [
    "ClearText",
    "Draft",
    "RedactorError",
    "Reply",
    "Summary",
    "__version__",
    "answer",
    "audit_verify",
    "check",
    "evaluate",
    "filter_text",
    "list_questions",
    "publish",
    "read_marks",
    "release",
    "republish",
    "sign",
    "write_marks",
]
__version__ = "0.1.0"

_ELSEWHERE = {"ClearText": "cleartext", "RedactorError": "errors"}  # the module of a name that is not in `actions`


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_ELSEWHERE.get(name, 'actions')}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
