"""What a team hands out beside the copies: a report for the public, a schedule, packs, a restricted report, and what several
renditions of one bundle tell when they are laid side by side.

Values in, values out: the acts (actions/handing.py and its siblings) open the files, this room shapes what goes into a page.
"""

from .public import Publication, Shown, publication, report
from .schedule import SCHEDULE, as_content, as_csv, schedule

__all__ = [
    "SCHEDULE",
    "Publication",
    "Shown",
    "as_content",
    "as_csv",
    "publication",
    "report",
    "schedule",
]
