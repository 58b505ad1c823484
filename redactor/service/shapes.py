"""What goes over the wire: the shapes of the service's answers and of what it is sent."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

ID = r"^[0-9a-f]{16}$"


class Problem(BaseModel):
    """What went wrong, in a sentence with a remedy; never a word of a document."""

    detail: str


class Document(BaseModel):
    """One document of a job: held with cause and remedy, or publishable with the path of its copy."""

    id: str
    state: str
    path: str = ""
    cause: str = ""
    remedy: str = ""


class Finding(BaseModel):
    """What the finished copies say together (a jigsaw rule), and what would mend it."""

    rule: str
    level: str
    doc: str
    label: str
    fix: str


class JobView(BaseModel):
    """A job. `state`: queued, running, publishable, held (in part or whole: see the documents) or failed (see `cause`). While it
    runs `stage` says what is done, and to how many documents of how many."""

    id: str
    state: str
    policy: str
    created: str
    finished: str
    run: int
    stage: str = ""
    done: int = 0
    of: int = 0
    cause: str = ""
    signed: bool = False
    questions: int = 0
    documents: list[Document] = []
    findings: list[Finding] = []
    public_key: str = ""


class Copy(BaseModel):
    """A copy that may be handed on. `digest` is its SHA-256 as the signed log has it."""

    doc: str
    path: str
    media: str
    digest: str
    size: int


class Question(BaseModel):
    """A question for a person. Text and context hold names: they are for whoever answers. `where`: document and paragraphs."""

    id: str
    about: str
    text: str
    looks: str
    mentions: int
    documents: int
    where: list[tuple[str, list[int]]]
    context: list[tuple[str, int, str]]
    answers: list[str]
    answer: str


class Said(BaseModel):
    """An answer to a question; `undo` takes the one in force back. Reason, office and name stay sealed."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=20)
    answer: str = Field(default="", max_length=40)
    reason: str = Field(default="", max_length=2_000)
    office: str = Field(default="", max_length=200)
    same_as: str = Field(default="", max_length=20)
    name_of: str = Field(default="", max_length=200)
    undo: bool = False


class Answers(BaseModel):
    """Answers that count together or not at all, and who gives them."""

    model_config = ConfigDict(extra="forbid")

    by: str = Field(min_length=1, max_length=200)
    answers: list[Said] = Field(min_length=1, max_length=500)


class Answered(BaseModel):
    """A question and what is kept of its answer."""

    question: str
    answer: str


class Spot(BaseModel):
    """One thing a draft should not say as it does. Lines and columns count from 1, in characters; `suggestion` is what a copy
    would say. No word of the draft is repeated."""

    line: int
    column: int
    length: int
    where: str
    level: str
    kind: str
    rule: str
    reason: str
    message: str
    suggestion: str


class Verified(BaseModel):
    """What a check of log and copies counted."""

    records: int
    copies: int


class Health(BaseModel):
    """That the service is there, what version it is, how many jobs wait and how much news."""

    version: str
    queued: int
    news_waiting: int
    news_given_up: int
