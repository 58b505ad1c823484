"""What a team hands out beside the copies: a report for the public, a schedule, packs, a restricted report, and what several
renditions of one bundle tell when they are laid side by side.

Values in, values out: the acts (actions/handing.py and its siblings) open the files, this room shapes what goes into a page.
"""

from .difference import ABSENT, CLASH, Difference, Hidden, Side, clashes, differences, merged
from .locked import check_passphrase, locked
from .passages import Passage, Subject, pack, passages
from .public import Publication, Shown, publication, report
from .restricted import Choice, Pair, Who, restricted, sides, told
from .schedule import SCHEDULE, as_content, as_csv, schedule

__all__ = [
    "ABSENT",
    "CLASH",
    "SCHEDULE",
    "Choice",
    "Difference",
    "Hidden",
    "Pair",
    "Passage",
    "Publication",
    "Shown",
    "Side",
    "Subject",
    "Who",
    "as_content",
    "as_csv",
    "check_passphrase",
    "clashes",
    "differences",
    "locked",
    "merged",
    "pack",
    "passages",
    "publication",
    "report",
    "restricted",
    "schedule",
    "sides",
    "told",
]
