"""The reviewers' desk: each route is arguments, one call, one page."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from .. import actions, handout
from ..actions import Desk
from ..case_answers import ANSWERS
from ..cleartext import ClearText
from ..model import Kind, Role
from .copying import Copying
from .guard import Guard
from .pages import Form, Pages

_KEYS = "1234567890abcdef"  # one key an answer
_NAMEABLE = ("public_figure", "convicted", "waived", "pseudonym", "not-a-person")


def make_app(desk: Desk, guard: Guard) -> Starlette:
    """The desk as an ASGI application."""
    copying = Copying(desk)
    pages = Pages(guard, lambda: {"base": "base.html", "glance": desk.glance(), "by": desk.by, "kinds": list(Kind)})
    looking, doing = pages.looking, pages.doing

    def answered(request: Request, form: Form) -> str:
        reply = actions.Reply(
            request.path_params["id"],
            form.get("answer", ""),
            reason=_words(form, "reason"),
            office=_words(form, "office"),
            name_of=_words(form, "name_of"),
            undo=form.get("undo") == "1",
        )
        desk.answer(reply, _seen(form))
        return f"/questions?said={'undone' if reply.undo else 'answered'}"

    def changed(_request: Request, form: Form) -> str:
        made = actions.Change(
            form.get("act", ""),
            _words(form, "words"),
            form.get("doc", "") if form.get("where") == "here" else "",
            kind=form.get("kind", str(Kind.NAME)),
            person=form.get("person", ""),
            other=form.get("other", ""),
            role=form.get("role", ""),
            office=_words(form, "office"),
            reason=_words(form, "reason"),
        )
        desk.change(made, _seen(form))
        return f"{_back(form)}?said=changed"

    def undone(request: Request, form: Form) -> str:
        desk.undo(request.path_params["id"], _seen(form))
        return "/changes?said=undone"

    def republished(_request: Request, _form: Form) -> str:
        copying.start()
        return "/working"

    def signed(_request: Request, form: Form) -> str:
        desk.sign(form.get("passphrase", ""))
        return "/sign?said=signed"

    async def working(request: Request) -> Response:
        if copying.stage() is None and not copying.fault():
            return RedirectResponse("/?said=made", status_code=303)
        told = {"stage": copying.stage(), "fault": copying.fault()}
        return await looking("working.html", "Making copies", lambda _: told)(request)

    def of_bundle(_request: Request) -> dict[str, Any]:
        return {"people": desk.people(), "papers": desk.papers(), "signed": desk.signed()}

    def of_document(request: Request) -> dict[str, Any]:
        pair = desk.document(request.path_params["id"])
        return {"pair": pair, "rows": list(handout.sides(pair)), "told": list(handout.told(pair)), "people": desk.people()}

    def of_person(request: Request) -> dict[str, Any]:
        return {"person": desk.person(request.path_params["id"]), "people": desk.people(), "roles": list(Role)}

    def of_questions(_request: Request) -> dict[str, Any]:
        return {"found": desk.questions(), "keys": dict(zip(ANSWERS, _KEYS, strict=False)), "nameable": _NAMEABLE}

    def of_findings(_request: Request) -> dict[str, Any]:
        found, cards = desk.findings()
        return {"found": found, "cards": cards}

    def of_log(request: Request) -> dict[str, Any]:
        asked = {name: request.query_params.get(name) or None for name in ("doc", "event", "action")}
        return {"rows": actions.audit_show(desk.place, **asked), "asked": asked}

    def of_signing(_request: Request) -> dict[str, Any]:
        signed = desk.signed()
        return {"signed": signed, "signs_as": next((role for role, name in signed if not name), "")}

    routes = [
        Route("/", looking("glance.html", "The bundle", of_bundle)),
        Route("/questions", looking("questions.html", "Questions", of_questions)),
        Route("/questions/{id}", doing(answered), methods=["POST"]),
        Route("/people", looking("people.html", "Who is who", lambda _: {"people": desk.people()})),
        Route("/people/{id}", looking("person.html", "A person", of_person)),
        Route("/documents/{id}", looking("document.html", "A document", of_document)),
        Route("/findings", looking("findings.html", "Put together", of_findings)),
        Route("/log", looking("log.html", "The public log", of_log)),
        Route("/changes", looking("changes.html", "Changes", lambda _: {"made": desk.changes()})),
        Route("/changes", doing(changed), methods=["POST"]),
        Route("/changes/{id}/undo", doing(undone), methods=["POST"]),
        Route("/republish", doing(republished), methods=["POST"]),
        Route("/working", working),
        Route("/sign", looking("sign.html", "Sign", of_signing)),
        Route("/sign", doing(signed), methods=["POST"]),
    ]
    return pages.app(routes)


def _words(form: Form, name: str) -> ClearText:
    return ClearText(form.get(name, "").strip())


def _seen(form: Form) -> int:
    try:
        return int(form["seen"])
    except (KeyError, ValueError):
        raise HTTPException(400, "The form does not say what you saw. Look again, then decide.") from None


def _back(form: Form) -> str:
    """Where a form was: a page of ours, by its ids alone."""
    doc, person = form.get("doc", ""), form.get("person", "")
    if form.get("from") == "document" and doc.replace(".", "").isalnum():
        return f"/documents/{doc}"
    return f"/people/{person}" if form.get("from") == "person" and person.isalnum() else "/changes"
