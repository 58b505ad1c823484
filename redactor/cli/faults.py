"""What the command says and returns when something goes wrong: one sentence with a remedy, never words of a document.

Not caught: a fault while Python itself starts, and what a library written in C prints by itself.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import sys
import threading
import traceback
import warnings
from _thread import interrupt_main
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..errors import AuditError, ExitCode, RedactorError
from .echo import complain

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_VERBOSE = "redactor.verbose"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
F = TypeVar("F", bound=Callable[..., Any])


def verbose_option(command: F) -> F:
    """Adds -v to a command; `verbose()` tells whether it was given."""
    return click.option(
        "-v", "--verbose", is_flag=True, expose_value=False, callback=_remember, help="Say more (ids and places, never words)."
    )(command)


def verbose() -> bool:
    """Whether the running command was given -v."""
    return bool(click.get_current_context().meta.get(_VERBOSE))


class Guarded(click.Group):
    """A group of commands whose faults end in a sentence and an exit code, never in a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; every fault but click's own leaves through `ctx.exit`."""
        try:
            with _quiet():
                return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (KeyboardInterrupt, click.Abort):
            complain("Interrupted; no copy is left half-written. Run the same command again")
            ctx.exit(ExitCode.INTERRUPTED)
        except Exception as fault:
            for sentence in sentences(fault, ctx.invoked_subcommand == "publish", bool(ctx.meta.get(_VERBOSE))):
                complain(sentence)
            ctx.exit(fault.exit_code if isinstance(fault, RedactorError) else ExitCode.ENVIRONMENT)


def sentences(fault: Exception, publishing: bool = False, more: bool = False) -> list[str]:
    """What to say of a fault. The words of an exception that is not ours are never repeated: they may be a document's."""
    if isinstance(fault, AuditError):
        return fault.findings or [str(fault)]
    if isinstance(fault, RedactorError):
        return [str(fault)]
    if isinstance(fault, OSError):
        said = _of_the_system(fault.errno)
    elif isinstance(fault, MemoryError):
        said = "The memory is used up. Close other programs, or publish fewer documents at once"
    else:
        said = _unexpected(fault, publishing, more)
    return [said, *(_frames(fault) if more else [])]


def _of_the_system(number: int | None) -> str:
    if number in _FULL:
        return "The disk is full. Free some space and run the same command again"
    if number in _FORBIDDEN:
        return "No permission to read the input or to write the output. Check the permissions of both folders"
    why = os.strerror(number).lower() if number else "no reason given"
    return f"The system refused to read or write a file ({why}). Check both folders and run the same command again"


def _unexpected(fault: Exception, publishing: bool, more: bool) -> str:
    module = _module(fault)
    lost = "; nothing was published from this bundle" if publishing and not module.startswith("redactor.cli") else ""
    then = "Report the lines below" if more else "Run again with -v and report what it prints"
    return f"An unexpected fault in {module}{lost}. {then}: no words of a document are in it"


def _module(fault: Exception) -> str:
    """The module of ours in which the fault arose, or which called what failed."""
    names = [str(frame.f_globals.get("__name__", "")) for frame, _ in traceback.walk_tb(fault.__traceback__)]
    return next((name for name in reversed(names) if name.split(".")[0] == "redactor"), "redactor.cli")


def _frames(fault: Exception) -> list[str]:
    """File and line of each frame and the exception's class: no message, no source line, no value."""
    frames = (f"{'/'.join(Path(f.f_code.co_filename).parts[-3:])}:{n}" for f, n in traceback.walk_tb(fault.__traceback__))
    return [*frames, type(fault).__name__]


def _remember(ctx: click.Context, _: click.Parameter, given: bool) -> None:
    ctx.meta[_VERBOSE] = given


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Silences warnings, log lines and dropped exceptions of libraries: they quote what they were working on."""
    before, hook, thread = logging.root.manager.disable, sys.unraisablehook, threading.excepthook
    logging.disable(logging.CRITICAL)
    sys.unraisablehook, threading.excepthook = _dropped, _in_a_thread
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
        sys.unraisablehook, threading.excepthook = hook, thread


def _in_a_thread(what: threading.ExceptHookArgs) -> None:
    """Python prints what ends a thread of its own, words and all; here it is said as any other fault."""
    if isinstance(what.exc_value, Exception):
        for sentence in sentences(what.exc_value):
            complain(sentence)


def _dropped(what: UnraisableHookArgs) -> None:
    """Python drops an exception that is raised in a destructor. A Ctrl-C that falls into one is sent again a moment later."""
    if issubclass(what.exc_type, KeyboardInterrupt):
        again = threading.Timer(0.05, interrupt_main)
        again.daemon = True
        again.start()
