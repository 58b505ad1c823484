"""Progress of a long run: stage, documents done and time left, on stderr and only at a terminal."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

Progress = Callable[[str, int, int], None]


@contextlib.contextmanager
def progress() -> Iterator[Progress | None]:
    """What `actions` reports its progress to; None where nobody watches. The bar is gone when the run is over."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("documents"), TimeRemainingColumn()
    with Bar(*columns, console=Console(stderr=True), transient=True, redirect_stdout=False, redirect_stderr=False) as bar:
        task = bar.add_task("starting", total=None)
        current = ""

        def report(stage: str, done: int, in_all: int) -> None:
            nonlocal current
            if stage != current:  # each stage has its own pace: time left starts anew
                current = stage
                bar.reset(task, description=stage)
            bar.update(task, completed=done, total=in_all)

        yield report
