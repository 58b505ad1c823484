"""`redactor serve`: the HTTP service over a folder of jobs."""

from __future__ import annotations

import ipaddress
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import EnvironmentFault, RedactorError
from .echo import tell
from .faults import verbose_option

if TYPE_CHECKING:
    from ..service import Hooks
    from ..service.jobs import Job

_TOKEN, _SECRET = "REDACTOR_TOKEN", "REDACTOR_WEBHOOK_SECRET"
_CONNECTIONS = 200
_LOADING = 5.0  # seconds that whoever ends the service at once waits for the models to be loaded, and no longer
_File = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(short_help="Take bundles and give copies over HTTP.")
@click.argument("folder", metavar="SERVICE", type=click.Path(file_okay=False, path_type=Path))
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Another than this machine needs TLS.")
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=8810, show_default=True, help="0: a free one.")
@click.option("--policy", metavar="NAME|FILE", default="iopc-report", show_default=True, help="Where a request names none.")
@click.option("--token-file", type=_File, help=f"The token; else {_TOKEN}, else SERVICE/token, made where it is missing.")
@click.option("--queue", metavar="N", type=click.IntRange(1), default=100, show_default=True, help="Jobs that may wait.")
@click.option("--megabytes", metavar="N", type=click.IntRange(1), default=256, show_default=True, help="A bundle's limit.")
@click.option("--seconds", metavar="N", type=click.FloatRange(0.1), default=300.0, show_default=True,
              help="How long a body may take to come.")  # fmt: skip
@click.option("--rate", metavar="N", type=click.IntRange(1), default=600, show_default=True, help="Requests a minute.")
@click.option("--webhook", metavar="URL", help="Tell this address of every job that is made, fails or is signed.")
@click.option("--webhook-secret-file", type=_File, help=f"What the news is signed with (whsec_...); else {_SECRET}.")
@click.option("--tls-cert", type=_File, help="The certificate (PEM), for any other address than this machine's own.")
@click.option("--tls-key", type=_File, help="Its key.")
@verbose_option
def serve(
    folder: Path, host: str, port: int, policy: str, token_file: Path | None, queue: int, megabytes: int, seconds: float,
    rate: int, webhook: str | None, webhook_secret_file: Path | None, tls_cert: Path | None, tls_key: Path | None,
) -> None:  # fmt: skip
    """Serve the same acts over HTTP: POST a bundle, GET its copies, its questions, its log. The description is at /docs.

    Jobs lie in SERVICE, each in a folder of its own that only you may read, and outlive the service. Ctrl-C ends it; a job that
    was being made is made again at the next start.

    \b
    Examples:
      redactor serve /srv/redactor
      redactor serve /srv/redactor --port 0 --policy newsroom --webhook https://editorial.example/redactor
    """
    try:
        import uvicorn

        from ..service import Access, Jobs, make_service
    except ModuleNotFoundError:
        raise EnvironmentFault("The service's packages are not installed. Install them: pip install 'redactor[serve]'") from None
    from ..policy import load_policy

    if bool(tls_cert) != bool(tls_key):
        raise click.UsageError("--tls-cert and --tls-key go together")
    if not _is_here(host) and not tls_cert:
        raise click.UsageError("Without TLS only this machine is served. Name --tls-cert and --tls-key, or no --host")
    if tls_cert and tls_key:
        _opens(tls_cert, tls_key)
    load_policy(policy)
    if Path(policy).is_file():
        policy = str(Path(policy).absolute())
    _mine(folder)
    token = _token(folder, token_file)
    hooks = _hooks(folder, webhook, webhook_secret_file)
    most = megabytes * 1_000_000
    with _bound(host, port) as taken:
        jobs = Jobs(folder, queue, _teller(hooks))
        app = Access(make_service(jobs, own=policy, most=most, hooks=hooks), token, most=most, seconds=seconds, minute=rate)
        jobs.start()
        warming = threading.Thread(target=_warm, args=(policy,), daemon=True)
        warming.start()
        if hooks:
            hooks.start()
        number = taken.getsockname()[1]
        tell(f"Serving on {'https' if tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{number}. End with Ctrl-C")
        # No access log and no server name: an address tells which copy was asked for
        config = uvicorn.Config(
            app, log_level="critical", access_log=False, server_header=False, limit_concurrency=_CONNECTIONS,
            timeout_graceful_shutdown=3, ssl_certfile=tls_cert, ssl_keyfile=tls_key,
        )  # fmt: skip
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            uvicorn.Server(config).run(sockets=[taken])
        finally:
            signal.signal(signal.SIGTERM, before)
            jobs.stop()
            if hooks:
                hooks.stop()
            warming.join(_LOADING)  # a process that ends while a model loads may crash instead


def _warm(policy: str) -> None:
    """Check a draft that says nothing: models, patterns and a reader are loaded before the first draft comes."""
    from .. import actions

    with suppress(RedactorError):  # whoever sends that draft is told
        actions.check([actions.Draft("warm.txt", b"Nothing was said here.")], policy=policy)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _opens(cert: Path, key: Path) -> None:
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key)
    except (OSError, ValueError):  # an SSLError is an OSError
        raise click.UsageError("Certificate and key do not open, or not together. Name a PEM file of each") from None


def _mine(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as fault:
        raise EnvironmentFault(f"The service's folder cannot be used ({fault.strerror}). Check its rights") from None


def _token(folder: Path, named: Path | None) -> str:
    """The token that every request carries: from a file, the environment, or SERVICE/token, which is made once."""
    own = folder / "token"
    if named is None and os.environ.get(_TOKEN):
        return _long_enough(os.environ[_TOKEN])
    try:
        if named is None and not own.exists():
            with os.fdopen(os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32) + "\n")
            tell("A token was made: the file `token` in SERVICE, which only you may read")
        file_of = named or own
        if os.name == "posix" and file_of.stat().st_mode & 0o077:
            raise click.UsageError("The token's file may be read by others. Give it the mode 0600")
        return _long_enough(file_of.read_text("ascii"))
    except (OSError, UnicodeDecodeError):
        raise EnvironmentFault("The token's file cannot be read or made. Check the service's folder") from None


def _long_enough(token: str) -> str:
    if len(token.strip()) < 24:
        raise click.UsageError("The token is shorter than 24 characters. Make one that nobody guesses")
    return token.strip()


def _hooks(folder: Path, url: str | None, named: Path | None) -> Hooks | None:
    from ..service import Hooks

    if url is None:
        return None
    try:
        secret = named.read_text("ascii") if named else os.environ.get(_SECRET, "")
    except (OSError, UnicodeDecodeError):
        raise EnvironmentFault("The webhook's secret cannot be read. Check the file") from None
    return Hooks(folder, url, secret)


def _teller(hooks: Hooks | None) -> Callable[[str, Job], None]:
    """Who is told of jobs: the receiver, or nobody."""

    def told(what: str, job: Job) -> None:
        if hooks is not None:
            states = [str(d["state"]) for d in job.summary.get("documents", ())]
            data = {"job": job.id, "state": str(job.state), "run": job.run, "publishable": states.count("publishable"),
                    "held": states.count("held"), "questions": job.summary.get("questions", 0)}  # fmt: skip
            hooks.tell(f"{job.id}-{job.run}-{what}", f"job.{what}", data)

    return told


def _bound(host: str, port: int) -> socket.socket:
    """A socket that listens there and nowhere else."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((host, port))
        taken.listen()  # who asks at once waits for the service and is not refused
    except OSError as fault:
        taken.close()
        raise click.UsageError(f"This address cannot be served ({fault.strerror}). Name another with --host or --port") from None
    return taken
