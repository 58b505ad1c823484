"""What the routes of every desk are made with: who may come in, a page from a template, a form read and acted on, a fault said.

No word of a document is in an address, a header or a title.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
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

from .. import actions
from ..cleartext import ClearText
from ..errors import EnvironmentFault, RedactorError
from ..handout.public import plain
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
Values = Callable[[Request], Mapping[str, Any]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Pages:
    """The pages of one desk. `common`: what every template of it is given."""

    def __init__(self, guard: Guard, common: Callable[[], Mapping[str, Any]]) -> None:
        self._guard, self._common = guard, common

    def looking(self, template: str, title: str, values: Values = lambda _: {}) -> Endpoint:
        """A route that shows something."""

        async def route(request: Request) -> Response:
            def shown() -> str:
                said = SAID.get(request.query_params.get("said", ""), "")
                whole = {"title": title, "said": said, "form": self._guard.form, "path": request.url.path}
                return _render(template, **whole, **self._common(), **values(request))

            return HTMLResponse(await run_in_threadpool(shown))

        return route

    def doing(self, act: Callable[[Request, Form], str]) -> Endpoint:
        """A route that does something, and where to look then."""

        @wraps(act)
        async def route(request: Request) -> Response:
            form = await self._form(request)
            return RedirectResponse(await run_in_threadpool(act, request, form), status_code=303)

        return route

    def app(self, routes: Sequence[Route]) -> Starlette:
        """The application of these routes, the link that opens it, and what its pages load."""
        return Starlette(
            routes=[Route("/enter/{token}", self._enter), Route("/assets/{name}", _asset), *routes],
            middleware=[Middleware(_Guarded, guard=self._guard)],
            exception_handlers={RedactorError: _refused, HTTPException: _not_here, Exception: _broken},
        )

    async def _enter(self, request: Request) -> Response:
        session = self._guard.enter(request.path_params["token"])
        if session is None:
            raise HTTPException(403, "This link is not this desk's, or was opened before. Start `redactor review` again.")
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(COOKIE, session, httponly=True, samesite="strict", path="/")
        return response

    async def _form(self, request: Request) -> Form:
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
        if not self._guard.is_form(form.get("form", "")):
            raise HTTPException(403, "The form is not one of this desk's. Nothing was changed.")
        return form


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


async def _asset(request: Request) -> Response:
    kinds = {"desk.css": "text/css", "desk.js": "text/javascript"}
    name = request.path_params["name"]
    if name not in kinds:
        raise HTTPException(404, "There is no such page.")
    return PlainTextResponse((files("redactor.web") / name).read_text(encoding="utf-8"), media_type=kinds[name])


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


def _problem(title: str, said: str) -> str:
    return _render("problem.html", title=title, problem=said)


def _render(template: str, /, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    from jinja2 import DictLoader, Environment, StrictUndefined

    rooms = (files("redactor.web"), files("redactor.handout"))  # the figures of the public report are those of the audit's page
    texts = {
        p.name: p.read_text(encoding="utf-8") for room in reversed(rooms) for p in room.iterdir() if p.name.endswith(".html")
    }
    made = Environment(loader=DictLoader(texts), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["open"] = lambda text: text.reveal() if isinstance(text, ClearText) else str(text)
    made.globals["plain"] = plain
    return made
