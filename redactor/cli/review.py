"""`redactor review`: the reviewers' desk in the browser of this machine."""

from __future__ import annotations

import socket
import webbrowser
from pathlib import Path

import click

from .echo import complain, tell
from .faults import verbose_option


@click.command(short_help="Open the reviewers' desk in the browser.")
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--as", "by", metavar="NAME", required=True, help="Who reviews; the log has a number for the name.")
@click.option("--port", metavar="N", type=click.IntRange(0, 65535), default=0, help="The port; without it a free one.")
@click.option("--no-browser", is_flag=True, help="Only print the link.")
@verbose_option
def review(out: Path, by: str, port: int, no_browser: bool) -> None:
    """Settle a bundle at the desk: its questions, its people, each document beside its copy, what the copies say together, the
    log, changes by hand and their undoing, new copies, the signature. It shows names and needs the case key and the sources.

    The desk is open to this machine alone, by a link that works once. Ctrl-C closes it; what was decided is kept.

    \b
    Example:
      redactor review out --as "R. Hale"
    """
    import uvicorn

    from ..actions import Desk
    from ..web import Guard, make_app

    desk = Desk(out, by)
    desk.glance(), desk.signed()  # a wrong key or a damaged store is told here
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", port))
        except OSError:
            raise click.UsageError("The port is in use. Name another with --port, or none") from None
        guard = Guard(taken.getsockname()[1])
        tell(guard.link())
        complain("The link works once. Ctrl-C closes the desk.")
        if not no_browser:
            webbrowser.open(guard.link())
        # No access log and no server name: an address may tell which document was looked at
        config = uvicorn.Config(make_app(desk, guard), log_level="critical", access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[taken])
