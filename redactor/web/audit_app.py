"""The audit reviewer's desk: five routes over the public things, and none of those that show a source."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from ..actions import AuditDesk
from .guard import Guard
from .pages import Form, Pages


def make_audit_app(desk: AuditDesk, guard: Guard) -> Starlette:
    """The audit reviewer's desk as an ASGI application."""

    def of_every() -> dict[str, Any]:
        return {"base": "audit-base.html", "name": desk.place.name, "policy": desk.policy(), "by": desk.by}

    def of_publication(_request: Request) -> dict[str, Any]:
        return {"checked": desk.checked(), "copies": desk.copies(), "public_key": desk.public_key}

    def of_log(request: Request) -> dict[str, Any]:
        asked = {name: request.query_params.get(name) or None for name in ("doc", "event", "action")}
        return {"rows": desk.log(**asked), "asked": asked}

    def of_signing(_request: Request) -> dict[str, Any]:
        signed = desk.signed()
        return {"signed": signed, "signs_as": signed[-1][0] if not signed[-1][1] else ""}

    def signed(_request: Request, form: Form) -> str:
        desk.sign(form.get("passphrase", ""))
        return "/sign?said=signed"

    pages = Pages(guard, of_every)
    return pages.app(
        [
            Route("/", pages.looking("audit.html", "The publication", of_publication)),
            Route("/log", pages.looking("log.html", "The public log", of_log)),
            Route("/figures", pages.looking("audit-figures.html", "Figures", lambda _: {"p": desk.figures()})),
            Route("/sign", pages.looking("sign.html", "Sign", of_signing)),
            Route("/sign", pages.doing(signed), methods=["POST"]),
        ]
    )
