"""The tour of README.md, from a real run: `python -m benchmarks.tour [--write]`.

Publishes the sample by the command itself, in a folder and with keys of its own, and fills what stands between `<!-- tour -->`
and `<!-- /tour -->` with what it printed; paths are shortened. Without --write the new text is printed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"<!-- tour -->\n.*?<!-- /tour -->", re.S)
SHOWN = ("ELLERBY, Grace asks", "D. Ellerby rings", "Lottie Garside, aged", "County council elections")
SAMPLE = "operation-larkspur"
PAPER = "03-chronology.txt"
TEXT = """<!-- tour -->
The first command prints this (label numbers are drawn at random, so yours differ; paths shortened):

```
{printed}
```

A few lines of `{paper}`, before:

```
{before}
```

and after:

```
{after}
```

Survivors, relatives and a junior officer are masked, dates and an age that are theirs are made coarser, a village goes and a town
stays; the council leader, who is listed in case.yaml, and the date of a public event are untouched. Each of these is a line of
the log:

```
$ .venv/bin/redactor audit show out --doc d03
...
{log}
...
```

Nobody can change log or copies unseen. With one year changed in one copy:

```
$ .venv/bin/redactor audit verify out
{verified}
$ sed -i 's/early 2013/early 2014/' out/{sample}/publishable/documents/{paper}
$ .venv/bin/redactor audit verify out
{differs}
```
<!-- /tour -->"""


def tour(work: Path) -> str:
    """The text, made in a folder of its own."""

    def run(*args: str) -> str:
        env = {**os.environ, "REDACTOR_KEYS": str(work / "keys"), "COLUMNS": "140"}
        done = subprocess.run(
            [sys.executable, "-m", "redactor", *args], capture_output=True, text=True, cwd=ROOT, env=env, check=False
        )
        return (done.stdout + done.stderr).strip()

    out = work / "out"
    printed = run("publish", f"samples/{SAMPLE}", "-o", str(out))
    printed = printed.replace(str(work / "keys"), "~/.config/redactor/keys").replace(str(out), "out")
    source = (ROOT / "samples" / SAMPLE / PAPER).read_text(encoding="utf-8").splitlines()
    copied = out / SAMPLE / "publishable" / "documents" / PAPER
    copy = copied.read_text(encoding="utf-8").splitlines()
    places = [next(n for n, line in enumerate(source) if words in line) for words in SHOWN]
    log = [line for line in run("audit", "show", str(out), "--doc", "d03").splitlines() if "event=decision" in line]
    verified = run("audit", "verify", str(out))
    text = copied.read_text(encoding="utf-8")
    assert "early 2013" in text
    copied.write_text(text.replace("early 2013", "early 2014"), encoding="utf-8")
    return TEXT.format(
        printed=printed,
        before="\n".join(source[n] for n in places),
        after="\n".join(copy[n] for n in places),
        log="\n".join(log[2:5]),
        verified=verified,
        differs=run("audit", "verify", str(out)),
        sample=SAMPLE,
        paper=PAPER,
    )


def main() -> int:
    """The command."""
    page = ROOT / "README.md"
    with tempfile.TemporaryDirectory() as name:
        said = tour(Path(name))
    if "--write" in sys.argv:
        page.write_text(BLOCK.sub(lambda _: said, page.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(said)
    return 0


if __name__ == "__main__":
    sys.exit(main())
