"""HTML pages from the templates beside this file: every value is escaped, nothing is fetched.

Does not judge what it is given: that a value may stand on a page is the caller's part.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment


def source(name: str) -> str:
    """A file of this room as it is ("locked.js")."""
    return (files("redactor.handout") / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    room = files("redactor.handout")
    texts = {p.name: p.read_text(encoding="utf-8") for p in room.iterdir() if p.name.endswith((".html", ".css", ".js"))}
    return Environment(loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def page(template: str, /, **values: object) -> str:
    """A whole page from `template` ("report.html") and the values it names."""
    return _environment().get_template(template).render(**values)
