"""The application: each route is arguments, one call, one page. No word of a document is in an address, a header or a title."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import cache, wraps
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from .. import actions, handout
from ..actions import Desk
from ..case_answers import ANSWERS
from ..cleartext import ClearText
from ..errors import EnvironmentFault, RedactorError
from ..model import Kind, Role
from .copying import Copying
from .guard import COOKIE, HEADERS, MAX_BODY, Guard

if TYPE_CHECKING:
    from jinja2 import Environment
    from starlette.types import ASGIApp, Receive, Scope, Send

# What a page says after an act: codes stand in addresses, sentences only here.
SAID = {
    "answered": "The answer is kept. The copies change when they are made anew.",
    "changed": "The change is kept. The copies change when they are made anew.",
    "undone": "Taken back.",
    "made": "The copies were made anew.",
    "signed": "Signed.",
}
Form = Mapping[str, str]
_KEYS = "1234567890abcdef"  # one key an answer


def make_app(desk: Desk, guard: Guard) -> Starlette:
    """The desk as an ASGI application."""
    copying = Copying(desk)

    def looking(template: str, title: str, values: Callable[[Request], dict[str, Any]]) -> Callable[..., Awaitable[Response]]:
        async def route(request: Request) -> Response:
            def shown() -> str:
                return _page(template, title, desk, guard, request, **values(request))

            return HTMLResponse(await run_in_threadpool(shown))

        return route

    def doing(act: Callable[[Request, Form], str]) -> Callable[..., Awaitable[Response]]:
        @wraps(act)
        async def route(request: Request) -> Response:
            form = await _form(request, guard)
            return RedirectResponse(await run_in_threadpool(act, request, form), status_code=303)

        return route

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

    async def enter(request: Request) -> Response:
        session = guard.enter(request.path_params["token"])
        if session is None:
            raise HTTPException(403, "This link is not this desk's, or was opened before. Start `redactor review` again.")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict", path="/")
        return response

    async def working(request: Request) -> Response:
        if copying.stage() is None and not copying.fault():
            return RedirectResponse("/?said=made", status_code=303)
        return await looking("working.html", "Making copies", lambda _: {"stage": copying.stage(), "fault": copying.fault()})(
            request
        )

    async def asset(request: Request) -> Response:
        kinds = {"desk.css": "text/css", "desk.js": "text/javascript"}
        name = request.path_params["name"]
        if name not in kinds:
            raise HTTPException(404, "There is no such page.")
        return PlainTextResponse(_source(name), media_type=kinds[name])

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

    routes = [
        Route("/enter/{token}", enter),
        Route("/assets/{name}", asset),
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
        Route("/sign", looking("sign.html", "Sign", lambda _: {"signed": desk.signed()})),
        Route("/sign", doing(signed), methods=["POST"]),
    ]
    return Starlette(
        routes=routes,
        middleware=[Middleware(_Guarded, guard=guard)],
        exception_handlers={RedactorError: _refused, HTTPException: _not_here, Exception: _broken},
    )


_NAMEABLE = ("public_figure", "convicted", "waived", "pseudonym", "not-a-person")


class _Guarded:
    """Every request passes here first, every response gets the headers: no page without the session, none from elsewhere."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app, self.guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def told(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *((k.encode(), v.encode()) for k, v in HEADERS.items())]
            await send(message)

        request = Request(scope)
        inside = request.url.path.startswith(("/enter/", "/assets/"))
        if not self.guard.is_own(request.headers) or not (inside or self.guard.knows(request.cookies.get(COOKIE, ""))):
            said = "This page is open to whoever started the desk, on this machine. Start `redactor review` and open its link."
            await HTMLResponse(_problem("Not open", said), status_code=403)(scope, receive, told)
            return
        await self.app(scope, receive, told)


async def _form(request: Request, guard: Guard) -> Form:
    """The fields of a form: small, of this desk, one value each."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_BODY:
            raise HTTPException(413, "The form is too long. Nothing was changed.")
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=40, errors="strict")
    except ValueError:
        raise HTTPException(400, "The form cannot be read. Nothing was changed.") from None
    form = {name: values[-1] for name, values in fields.items()}
    if not guard.is_form(form.get("form", "")):
        raise HTTPException(403, "The form is not one of this desk's. Nothing was changed.")
    return form


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


def _page(template: str, title: str, desk: Desk, guard: Guard, request: Request, **values: Any) -> str:
    from ..handout.public import plain

    said = SAID.get(request.query_params.get("said", ""), "")
    whole = {"glance": desk.glance(), "title": title, "said": said, "form": guard.form, "by": desk.by, "kinds": list(Kind)}
    return _environment().get_template(template).render(**whole, **values, plain=plain, path=request.url.path)


def _problem(title: str, said: str) -> str:
    return _environment().get_template("problem.html").render(title=title, problem=said)


async def _refused(_request: Request, fault: Exception) -> Response:
    status = 409 if isinstance(fault, actions.Overtaken) else 503 if isinstance(fault, EnvironmentFault) else 400
    title = "Somebody was faster" if status == 409 else "Not done"
    return HTMLResponse(_problem(title, str(fault)), status_code=status)


async def _not_here(_request: Request, fault: Exception) -> Response:
    status = fault.status_code if isinstance(fault, HTTPException) else 500
    said = str(fault.detail) if isinstance(fault, HTTPException) and fault.detail.endswith(".") else "There is no such page."
    return HTMLResponse(_problem("Not done", said), status_code=status)


async def _broken(_request: Request, _fault: Exception) -> Response:
    said = "Something went wrong in the desk itself. Nothing was half done; go back and look."
    return HTMLResponse(_problem("Not done", said), status_code=500)


def _source(name: str) -> str:
    return (files("redactor.web") / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    texts = {p.name: p.read_text(encoding="utf-8") for p in files("redactor.web").iterdir() if p.name.endswith(".html")}
    made = Environment(loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["open"] = lambda text: text.reveal() if isinstance(text, ClearText) else str(text)
    return made
