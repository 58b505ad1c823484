"""The story of each act, in order; the command, the page, the service and Python call these and nothing else."""

from .answer_files import read_replies, write_template
from .answers import Reply, answer
from .audit import audit_show, audit_verify, where
from .audit_desk import AuditDesk
from .checking import Checked, Remark, check, draft_from, draft_of, watch_drafts
from .desk import Desk
from .drafting import Draft
from .evaluating import Evaluation, evaluate
from .filtering import Filtered, filter_text
from .handing import audit_report, schedule
from .intake import Found, Intake, intake
from .jigsaw import Together, intruder_cards, jigsaw_findings
from .job import Progress
from .keeping import key_cover, key_destroy, key_export, key_rotate, key_where
from .marking import Written, write_marks
from .marking_read import Left, Taken, read_marks
from .moving import move_store
from .overriding import Change, Changed, Overtaken, change, changes, undo
from .packs import Packed, pack
from .publishing import publish, republish
from .questions import Open, as_case, list_questions
from .reading import restricted
from .releasing import Release, recall, release
from .renditions import Renditions, renditions
from .sarif import github, sarif, text_of
from .signing import sign, sign_offs
from .summary import Asked, Combined, DocumentResult, Summary
from .watching import Watched, watch

__all__ = [
    "Asked",
    "AuditDesk",
    "Change",
    "Changed",
    "Checked",
    "Combined",
    "Desk",
    "DocumentResult",
    "Draft",
    "Evaluation",
    "Filtered",
    "Found",
    "Intake",
    "Left",
    "Open",
    "Overtaken",
    "Packed",
    "Progress",
    "Release",
    "Remark",
    "Renditions",
    "Reply",
    "Summary",
    "Taken",
    "Together",
    "Watched",
    "Written",
    "answer",
    "as_case",
    "audit_report",
    "audit_show",
    "audit_verify",
    "change",
    "changes",
    "check",
    "draft_from",
    "draft_of",
    "evaluate",
    "filter_text",
    "github",
    "intake",
    "intruder_cards",
    "jigsaw_findings",
    "key_cover",
    "key_destroy",
    "key_export",
    "key_rotate",
    "key_where",
    "list_questions",
    "move_store",
    "pack",
    "publish",
    "read_marks",
    "read_replies",
    "recall",
    "release",
    "renditions",
    "republish",
    "restricted",
    "sarif",
    "schedule",
    "sign",
    "sign_offs",
    "text_of",
    "undo",
    "watch",
    "watch_drafts",
    "where",
    "write_marks",
    "write_template",
]
