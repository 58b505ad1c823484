"""`redactor review`: the reviewers' desk in the browser of this machine."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .echo import complain, tell
from .faults import verbose_option

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from ..web import Guard


@click.command(short_help="Open the reviewers' desk in the browser.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--as", "by", metavar="NAME", required=True, help="Who reviews; the log has a number for the name.")
@click.option("--audit", is_flag=True, help="Audit: the copies and the public log alone, no sources and no case key.")
@click.option("--public-key", metavar="HEX", help="With --audit: the public key that was printed when the copies were made.")
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=0, help="The port; without it a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@verbose_option
def review(out: Path, by: str, audit: bool, public_key: str | None, port: int, no_browser: bool) -> None:
    """Settle a bundle at the desk: its questions, its people, each document beside its copy, what the copies say together, the
    log, changes by hand and their undoing, new copies, the signature. It shows names and needs the case key and the sources.

    With --audit it is the audit reviewer's: what verifies, the copies with their digests, the log, the figures and who signed.
    OUT may then be a copy that holds publishable/ alone.

    The desk is open to this machine alone, by a link that works once. Ctrl-C closes it; what was decided is kept.

    \b
    Example:
      redactor review out --as "R. Hale"
      redactor review copies-to-audit --audit --public-key HEX --as "L. Marsh"
    """
    import uvicorn

    from ..actions import AuditDesk, Desk
    from ..web import Guard, make_app, make_audit_app

    if audit != bool(public_key):
        raise click.UsageError("--audit and --public-key go together: the key was printed when the copies were made")
    app: Callable[[Guard], Starlette]
    if public_key:
        auditor = AuditDesk(out, by, public_key)
        auditor.checked()  # what is no public key is told here; what does not verify, on the page
        app = partial(make_audit_app, auditor)
    else:
        desk = Desk(out, by)
        desk.glance(), desk.signed()  # a wrong key or a damaged store is told here
        app = partial(make_app, desk)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            raise click.UsageError("The port is in use. Name another with --port, or none") from None
        taken.listen()  # who follows the link at once waits for the desk and is not refused
        guard = Guard(taken.getsockname()[1])
        tell(guard.link())
        complain("The link works once. Ctrl-C closes the desk.")
        if not no_browser:
            webbrowser.open(guard.link())
        # No access log and no server name: an address may tell which document was looked at
        config = uvicorn.Config(app(guard), log_level="critical", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[taken])
