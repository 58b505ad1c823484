"""The service as an ASGI application: each route is arguments, one call, one answer. No word of a document is in an address, a
header, an error or a log; only questions (names) and copies are, in bodies, for whoever has the token."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import AsyncIterator, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Query, Request, Response
from fastapi import Path as Within
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from .. import __version__, actions
from ..actions import Draft, Remark, Reply
from ..cleartext import ClearText
from ..errors import AuditError, EnvironmentFault, HeldError, RedactorError, RefusedError
from ..policy import policies
from .hooks import Hooks
from .jobs import BUNDLE, Busy, Full, Job, Jobs, NoJob, State
from .shapes import ID, Answered, Answers, Copy, Health, JobView, Problem, Question, Spot, Verified
from .unpack import as_bundle

MEDIA = ("application/zip", "text/plain")
_BODY = {
    "requestBody": {
        "required": True,
        "description": "The bundle: a zip of its documents with case.yaml, or one text.",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA},
    }
}
DEFAULT = "default"  # the service's own policy, which may be a file of its house
KNOWN = (DEFAULT, *(name for name, _ in policies()))
_TEXTS = {media: {"schema": {"type": "string"}} for media in ("text/plain", "text/markdown")}
_TEXT = {"requestBody": {"required": True, "content": _TEXTS}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "It cannot be used as it is"},
    401: {"model": Problem, "description": "The token is missing or wrong"},
    404: {"model": Problem, "description": "There is none of this id"},
    408: {"model": Problem, "description": "The body did not come in time"},
    409: {"model": Problem, "description": "Not now: it is being made, or was changed by somebody else"},
    413: {"model": Problem, "description": "Too large"},
    415: {"model": Problem, "description": "Neither a zip nor a text"},
    422: {"model": Problem, "description": "A value is missing or not of its kind; or a text would be held"},
    429: {"model": Problem, "description": "Too many requests"},
    500: {"model": Problem, "description": "Disk, key or model; or log and copies do not verify"},
    503: {"model": Problem, "description": "The queue is full"},
}
_Id = Annotated[str, Within(pattern=ID)]


async def draft_of(request: Request) -> Draft:
    """The text that was sent, as a draft; in memory alone."""
    marked = request.headers.get("content-type", "").startswith("text/markdown")
    return Draft("draft.md" if marked else "draft.txt", await request.body())


_Draft = Annotated[Draft, Depends(draft_of)]
_Beside = Annotated[str | None, Query(pattern=ID)]


def make_service(jobs: Jobs, *, own: str, most: int, hooks: Hooks | None = None) -> FastAPI:
    """The application over these jobs. `own` is the policy where a request names none, `most` is a bundle's limit in bytes."""
    app = FastAPI(
        title="redactor",
        version=__version__,
        description="Bundles in as jobs, publishable copies and a signed public log out.",
        docs_url=None,  # its pages fetch scripts from elsewhere; ours is below
        redoc_url=None,
    )
    guarded: dict[str, Any] = {"responses": _REFUSALS, "dependencies": [Depends(HTTPBearer(auto_error=False))]}

    @app.exception_handler(RedactorError)
    def refused(_request: Request, fault: Exception) -> JSONResponse:
        status = next((code for kind, code in _STATUS if isinstance(fault, kind)), 400)
        return JSONResponse({"detail": str(fault)}, status, {"retry-after": "30"} if status == 503 else None)

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, fault: Exception) -> JSONResponse:
        assert isinstance(fault, RequestValidationError)
        where = ", ".join(sorted({".".join(map(str, e["loc"][:3])) for e in fault.errors()}))  # never what stood there
        return JSONResponse({"detail": f"Missing or not of its kind: {where}"}, 422)

    @app.exception_handler(Exception)
    def broken(_request: Request, fault: Exception) -> JSONResponse:
        said = f"An unexpected fault ({type(fault).__name__}). Report it: no words of a document are in this sentence"
        return JSONResponse({"detail": said}, 500)

    @app.get("/health", response_model=Health)
    def health() -> Health:
        queued = sum(job.state is State.QUEUED for job in jobs.all())
        waiting, dead = (hooks.waiting(), hooks.given_up()) if hooks else (0, 0)
        return Health(version=__version__, queued=queued, news_waiting=waiting, news_given_up=dead)

    @app.get("/docs", include_in_schema=False)
    def described() -> HTMLResponse:
        return HTMLResponse(_described(app.openapi()))

    @app.get("/service.css", include_in_schema=False)
    def style() -> Response:
        return Response(files("redactor.service").joinpath("service.css").read_bytes(), media_type="text/css")

    @app.post("/v1/jobs", status_code=202, response_model=JobView, openapi_extra=_BODY, **guarded)
    async def send(
        request: Request, response: Response, policy: Annotated[str, Query(json_schema_extra={"enum": list(KNOWN)})] = DEFAULT
    ) -> JobView:
        """Send a bundle. It is kept before the answer goes out, and made when those before it are. `policy`: one that comes with
        the program, or the service's own."""
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in MEDIA:
            raise HTTPException(415, "Send a zip archive (application/zip) or one text (text/plain)")
        if policy not in KNOWN:
            raise HTTPException(400, "There is no policy of this name here. `redactor policies` lists those there are")
        place = await run_in_threadpool(jobs.new)
        try:
            await _written(request.stream(), place / "body")
            await run_in_threadpool(as_bundle, place / "body", media, place / BUNDLE, most)
            (place / "body").unlink(missing_ok=True)
            job = await run_in_threadpool(jobs.take, place, own if policy == DEFAULT else policy)
        except BaseException:  # refused, cut off or too slow: nothing of it stays
            await run_in_threadpool(jobs.drop, place)
            raise
        response.headers["location"] = f"/v1/jobs/{job.id}"
        return _view(jobs, job)

    def ground(job: str | None) -> tuple[Path | None, str | None]:
        """What a draft is judged beside: an earlier job's publication, or the service's own policy."""
        return (jobs.out(job), None) if job else (None, own)

    @app.post("/v1/check", response_model=list[Spot], openapi_extra=_TEXT, **guarded)
    def checked(draft: _Draft, job: _Beside = None) -> list[Spot]:
        """What a draft (text or Markdown) should not say, by line and column, beside what a job has published. Nothing is kept
        but, with a job, what was found in the text, sealed."""
        case, policy = ground(job)
        return [_spot(remark) for remark in actions.check([draft], case, policy=policy).remarks]

    @app.post("/v1/filter", response_class=Response, openapi_extra=_TEXT, **guarded)
    def filtered(draft: _Draft, job: _Beside = None) -> Response:
        """One text as its copy, verified; refused where it would be held."""
        case, policy = ground(job)
        return Response(actions.filter_text(draft, case, policy=policy).data, media_type="text/plain")

    @app.get("/v1/jobs", response_model=list[JobView], **guarded)
    def listed() -> list[JobView]:
        """Every job, the oldest first."""
        return [_view(jobs, job) for job in jobs.all()]

    @app.get("/v1/jobs/{id}", response_model=JobView, **guarded)
    def told(id: _Id) -> JobView:
        """A job and how far it is."""
        return _view(jobs, jobs.get(id))

    @app.delete("/v1/jobs/{id}", status_code=204, **guarded)
    def deleted(id: _Id) -> None:
        """Remove a job with its sources, copies, log and case key."""
        jobs.delete(id)

    @app.post("/v1/jobs/{id}/publish", status_code=202, response_model=JobView, **guarded)
    def again(id: _Id) -> JobView:
        """Make the copies anew, by what was answered and changed since. Labels stay."""
        return _view(jobs, jobs.again(id))

    @app.get("/v1/jobs/{id}/copies", response_model=list[Copy], **guarded)
    def copies(id: _Id) -> list[Copy]:
        """The copies, with the digests that the signed log has."""
        return list(_copies(jobs.out(id) / BUNDLE))

    @app.get("/v1/jobs/{id}/copies/{path:path}", response_class=FileResponse, **guarded)
    def one(id: _Id, path: str) -> FileResponse:
        """One copy, by its path in the list."""
        place = jobs.out(id) / BUNDLE
        for copy in _copies(place):
            if copy.path == path:  # what the list does not name is not looked for
                return FileResponse(place / "publishable" / path, media_type=copy.media)
        raise HTTPException(404, "There is no copy of this path. GET the list of copies")

    @app.get("/v1/jobs/{id}/publishable.zip", **guarded)
    def zipped(id: _Id) -> Response:
        """Copies, manifest and public log in one archive; nothing else of the job."""
        folder = jobs.out(id) / BUNDLE / "publishable"
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(p for p in folder.rglob("*") if p.is_file()):
                archive.write(file, file.relative_to(folder).as_posix())
        return Response(data.getvalue(), media_type="application/zip")

    @app.get("/v1/jobs/{id}/questions", response_model=list[Question], **guarded)
    def questions(id: _Id) -> list[dict[str, Any]]:
        """What a person must decide, what settles most first. Holds names."""
        return [question.as_dict() for question in actions.list_questions(jobs.out(id))]

    @app.post("/v1/jobs/{id}/answers", response_model=list[Answered], **guarded)
    def answered(id: _Id, given: Answers) -> list[Answered]:
        """Answer questions, or take answers back; all or none. They count from the next run on."""
        replies = [
            Reply(a.question, a.answer, ClearText(a.reason), ClearText(a.office), a.same_as, ClearText(a.name_of), a.undo)
            for a in given.answers
        ]
        kept = actions.answer(jobs.out(id), replies, given.by)
        return [Answered(question=question, answer=said) for question, said in kept]

    @app.get("/v1/jobs/{id}/verification", response_model=Verified, **guarded)
    def verified(id: _Id) -> Verified:
        """Check log and copies as they lie there now."""
        _, records, found = actions.audit_verify(jobs.out(id))[0]
        return Verified(records=records, copies=found)

    return app


# What an act refuses, as a status; the first kind that fits
_STATUS: tuple[tuple[type[RedactorError], int], ...] = (
    (NoJob, 404),
    (Busy, 409),
    (Full, 503),
    (actions.Overtaken, 409),
    (HeldError, 422),
    (RefusedError, 422),
    (AuditError, 500),
    (EnvironmentFault, 500),
)


def _spot(remark: Remark) -> Spot:
    place = remark.place
    return Spot(
        line=place.line,
        column=place.column,
        length=place.length,
        where=place.where,
        level=remark.level,
        kind=remark.kind,
        rule=remark.rule,
        reason=remark.reason,
        message=remark.message,
        suggestion=remark.suggestion,
    )


async def _written(chunks: AsyncIterator[bytes], file: Path) -> None:
    """The body into a file of our own, as it comes: never whole in memory, nor in the system's folder for temporary files."""
    with file.open("xb") as opened:
        file.chmod(0o600)
        async for chunk in chunks:
            await run_in_threadpool(opened.write, chunk)


def _view(jobs: Jobs, job: Job) -> JobView:
    stage, done, of = jobs.progress(job.id)
    return JobView(
        id=job.id,
        state=job.state,
        policy=job.policy if job.policy in KNOWN else DEFAULT,
        created=job.created,
        finished=job.finished,
        run=job.run,
        stage=stage,
        done=done,
        of=of,
        cause=job.cause,
        signed=job.signed,
        **job.summary,
    )


def _copies(place: Path) -> Iterator[Copy]:
    manifest = json.loads((place / "publishable" / "manifest.json").read_bytes())
    for row in manifest["documents"]:
        if row["status"] == "publishable":
            size = (place / "publishable" / row["path"]).stat().st_size
            yield Copy(doc=row["id"], path=row["path"], media=row["media"], digest=row["digest"], size=size)


def _described(openapi: dict[str, Any]) -> str:
    """The description as a page that loads nothing from elsewhere."""
    from jinja2 import Environment

    template = files("redactor.service").joinpath("docs.html").read_text(encoding="utf-8")
    return Environment(autoescape=True).from_string(template).render(api=openapi)
