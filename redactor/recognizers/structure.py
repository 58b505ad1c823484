"""Names told by the form around them: a title, "SURNAME, Given", a header line, "known as", a signature, a speaker.

Where a model sees a word, these see a place for a name, so that "Mr Lad" and "MARSH:" are found. Not found: a name without a
capital that no cue stands before. Initials and given-name-with-initial are reported with low scores: people/ decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import regex  # type: ignore[import-untyped]

from ..model import Kind
from .base import Found, TextRecognizer, words
from .outline import outline
from .tidy import TITLE, name_spans, title_code

# Capitalised words that are no part of a name though they stand where one might.
STOP = frozenset(word.title() for word in words("not_names"))
_N = r"(?:(?:[OD]['’]|Mc|Mac|al-|el-)?\p{Lu}(?:\p{L}|['’](?=\p{L}{2}))*(?:-\p{Lu}\p{L}*)*)"  # one word of a name
_I = r"(?:\p{Lu}\.?(?!\p{L}))"  # an initial
_PARTICLE = r"(?:(?:van|von|de|der|den|du|la|le|bin|binti|ibn|ul|ur|al|el|st|St\.?)[ ])?"
NAME = rf"(?:(?:{_I}[ ]?)*{_N}(?:[ ](?:{_I}|{_PARTICLE}{_N})){{0,3}})"
_TITLED = regex.compile(
    rf"(?<![\p{{L}}\d])(?P<title>{TITLE.pattern})(?:[ \u00a0]+\d{{1,5}})?[ \u00a0]+"
    rf"(?:{TITLE.pattern}[ \u00a0]+)*(?P<name>{NAME})",
    regex.V1,
)
_CONSTABLE = regex.compile(  # the one surname that is a rank
    r"(?<!\p{L})(?i:PC|DC|PS|DS|DI|Sgt|Sergeant|Inspector|Insp|Mr|Mrs|Ms|Miss|Dr)\.?[ ](?P<name>(?:\p{Lu}\p{Ll}+[ ])?Constable)"
    r"(?![ ]\p{Lu})"
)
_TITLED_LETTER = regex.compile(
    r"(?<![\p{L}\d])(?i:uncle|aunt|auntie|aunty|mr|mrs|ms|miss|dr)\.?\s(?P<name>[B-HJ-Zb-hj-z])(?![\w'’.-])"
)
_HEADED = regex.compile(  # the line over a message: "FROM Zee [believed …]", "TO Hopey xx"
    r"^(?P<head>[^\n\p{L}]{0,40}\b(?:FROM|TO|From|To)[ \t]+)(?P<name>\p{L}[\p{L}'’-]*(?:[ ]\p{L}[\p{L}'’-]*){0,2})[ \t]*(?=[\[(\n]|$)",
    regex.MULTILINE,
)
_SENT = regex.compile(  # "13:21  Aps to Blaw"
    rf"^[^\n\p{{L}}]*(?:\d\d?(?:st|nd|rd|th)? \p{{Lu}}\p{{Ll}}{{2,8}}(?: \d{{4}})?[ ,]*)?\d\d?[:.]\d\d[ \t]+(?P<name>{NAME})[ ](?:to|TO|->|→|>)[ ](?P<other>{NAME})[ \t:]*$",
    regex.MULTILINE,
)
_KIN_CALLED = regex.compile(
    rf"(?i:\b(?:son|daughter|mother|father|mum|mam|dad|brother|sister|aunt|uncle|grandmother|grandfather|gran|nan|niece|nephew|"
    rf"cousin|wife|husband|partner|stepfather|stepmother|carer|twin)),[ ](?P<name>{_N})(?=[,;.]|[ ]?\|)"
)
_CHAT_TITLED = regex.compile(r"(?<![\p{L}\d])(?:mr|mrs)\.?\s(?P<name>\p{Ll}{3,})\b")
_SMALL_TITLED = regex.compile(  # in a line without any capital
    r"^[^\p{Lu}\n]*?(?<!\p{L})(?P<title>pc|dc|ds|di|ps|sgt|insp|inspector|dci|pcso|wpc|sergeant|miss|ms|dr)\.?[ ](?P<name>\p{Ll}{3,}(?:[ ]\p{Ll}{3,})?)\b(?=[^\p{Lu}\n]*$)",
    regex.MULTILINE,
)
_TWICE = regex.compile(rf"(?<![\p{{L}}\d,])(?P<name>\p{{Lu}}{{2,}}(?:[-'’ ]\p{{Lu}}{{2,}})*,[ ]{_N}(?:[ ]{_N})?)(?![\p{{L}}\d])")
_LABEL = regex.compile(
    r"^[\W\d]*(?:From|To|Cc|Bcc|Copied to|Attendees?|Present|Apologies|Chair|Witness|Interviewer|Interviewee|Interpreter|Name|"
    r"Full name|Child|"
    r"Patient|Client|Pupil|Student|Subject name|Statement of|Witness statement of|Author|Prepared by|Completed by|Reported by|"
    r"Informant|"
    r"Mother|Father|Parent|Carer|Foster carer|Guardian|Social worker|Key worker|Officer(?: in (?:the )?case)?|OIC|Suspect|"
    r"Complainant|Victim|"
    r"Defendant|Claimant|Referrer|Referred by|Minutes?|Minute taker|Signed|Solicitor|GP|Teacher|Contact|Dear|Hi|Hello|Hiya|"
    r"For the attention of|FAO)"
    r"\s*(?::|(?<=Dear|Hi|Hello|Hiya|Statement of|statement of|FAO)\s)[ \t]*(?P<value>[^\n]{2,200})$",
    regex.MULTILINE | regex.IGNORECASE,
)
_LISTED = regex.compile(rf"(?P<name>{_N}(?:[ ]{_N})?,[ ]{_N}(?:[ ](?:{_I}|{_N}))*(?=\s*(?:<|;|$|\s{{2,}}|\|))|{NAME})")
CUES = {  # words before another name of the same person -> code
    r"(?:also |otherwise |better |previously |formerly )?known (?:(?:locally|only|simply|generally|there|then) |to \p{L}+(?: \p{L}+){0,6} )?as": "known_as",
    r"a\.?k\.?a\.?": "aka",
    r"n[ée]e": "nee",
    r"formerly|previously|then|now": "formerly",
    r"maiden name(?: (?:is|was))?:?": "maiden",
    r"(?:calls?|called|calling) (?:her|him|them)sel(?:f|ves)|goes by(?: the name(?: of)?)?|going by|answers to|"
    r"uses the name": "calls_self",
    r"(?:all |always |just )?call(?:s|ed)? (?:her|him|me|us)|Ask for|nick-?named?|nickname(?: (?:is|was))?:?|alias(?:es)?:?|street name:?": "nickname",
    r"(?:the )?initials(?: in \p{L}+)?(?: are| is|:)": "initials",
    r"(?:wrongly |sometimes |also |is |was )*(?:mis)?(?:spelt|spelled|recorded|written|entered)(?: as)?": "spelt",
    r"changed (?:her|his|their) (?:sur)?name to|(?:sur|first |given |middle )name (?:is|was|might be|may be|of)|(?:sur|first |"
    r"given )name": "changed",
    r"(?:contact |number )?saved (?:in .{1,20} )?(?:as|under)|stored as|listed as|appears as": "contact",
    r"I am|(?:she|he|child|girl|boy) is|(?:down|entered|registered|logged|signed(?: in)?) as": "quoted",
}
_CUED = regex.compile(
    rf"(?<![\p{{L}}])(?P<cue>(?i:{'|'.join(CUES)}))[ ]*[,:(]?\s?(?:[\"“'‘](?P<quoted>[^\"”\n’]{{1,30}})[\"”'’]|(?P<name>{NAME}))"
)
_WEAK = frozenset({"formerly", "changed"})
_MORE = regex.compile(
    rf"[\"”]?(?:[,;]? and|[,;]? or|[,;])(?:,? once,?|,? sometimes,?| also)*[ ](?:[\"“](?P<name>{NAME})[\"”]|(?P<name>{NAME}))"
)
_QUOTED_THE = regex.compile(rf"[\"“‘](?P<name>{_N}[ ]the[ ]{_N})[\"”’]")  # "Kev the Van"
_QUOTED = regex.compile(rf"{_N}[ ][(]?[\"“'‘](?P<name>\p{{Lu}}[\p{{L}} -]{{1,20}})[\"”'’][)]?(?=[ ]{_N}|[\s,.)])")
_HANDLE = regex.compile(
    r"(?<![\w.@/])(?P<name>@[A-Za-z_][\w.]{2,29}|[A-Za-z][A-Za-z0-9.]*_[\w.]*\w)(?![\w@])(?!\.(?:docx?|pdf|xlsx?|txt|md|html?|"
    r"jpe?g|png)\b)"
)
_ACCOUNT = regex.compile(
    r"(?i:\b(?:user ?name|handle|screen name|profile|snapchat|snap|instagram|insta|facebook|tiktok|kik|bbm(?: pin)?|msn|xbox|"
    r"psn|gamertag|"
    r"discord|whatsapp|twitter|youtube|roblox|skype)(?: (?:name|account|profile|user|id|page))?)(?:\s(?:is|was|under|as|"
    r"called|of|the|name)){0,3}\s*:?\s*"
    rf"(?:[\"“'‘](?P<quoted>[^\"”\n’]{{2,30}})[\"”'’]|(?P<token>[A-Za-z][\w.-]*\d[\w.-]*)|(?P<name>{NAME}))"
)
_CLOSING = regex.compile(
    r"^[ \t]*(?:Yours(?: (?:sincerely|faithfully|truly|ever))?|(?:Kind|Best|Warm|Many)?\s?(?:regards|wishes|thanks)|Thank you|"
    r"Thanks(?: again)?|"
    r"Sincerely|Signed|Love|Cheers|Best)[,.!:]?[ \t]*\n+[ \t]*(?P<name>[^\n|:]{1,40})$",
    regex.MULTILINE | regex.IGNORECASE,
)
_SPEAKER = regex.compile(
    rf"^[ \t]*(?P<time>\[?\d{{1,2}}[.:]\d\d(?:[.:]\d\d)?(?:\s?[ap]m)?\]?[ \t]+)?(?P<name>(?:{TITLE.pattern}[ ])*(?:{NAME}|"
    rf"\p{{Ll}}{{2,15}}))[ ]?:[ \t]",
    regex.MULTILINE | regex.V1,
)
_DOTTED = regex.compile(
    r"(?<![\p{L}.])(?!(?:U\.K|U\.S|N\.I|P\.S|Q\.C|K\.C|M\.P|J\.P\.s|B\.B\.C|N\.H\.S|E\.U|A\.M|P\.M|i\.e|"
    r"e\.g)\b)(?:\p{Lu}\.[ ]?){2,4}(?!\s?\p{Lu}\p{Ll})"
)
_BRACKETED = regex.compile(rf"(?P<full>{_N}(?:[ -]{_N}){{1,4}})[ ]*[(\[][\"“]?(?P<name>\p{{Lu}}{{2,4}})[\"”]?[)\]]")
_GIVEN_INITIAL = regex.compile(
    r"(?<![\p{L}\d-])(?P<name>(?P<given>\p{Lu}\p{Ll}{1,})[ ](?![AI] \p{Ll})\p{Lu})(?![\w'’]|\.\p{Lu}|[.]?[ ]\p{Lu}\p{Ll})"
)
_INITIAL_SURNAME = regex.compile(
    r"(?<![\p{L}\d.'’-]|\d[ ])(?P<name>(?:(?![AI] )\p{Lu}\.?[ ]){1,3}(?P<sur>(?:[OD]['’]|Mc)?\p{Lu}[\p{L}-]{2,}))(?![\p{L}\d])"
)
_LINE = regex.compile(
    r"^[ \t]*(?P<name>(?!(?:CC|NB|PS|OK|END|TBC|UK|PTO|FAO|RE|FW|NO|OF|AND|"
    r"THE)\b)(?:\p{Lu}['’.]?){1,3}(?: (?:\p{Lu}['’.]?){1,3})?)[ \t]*,?[ \t]*$",
    regex.MULTILINE,
)
_CIPHER = regex.compile(
    r"(?<![\p{L}])(?P<name>(?:Child|Girl|Boy|Survivor|Witness|Victim|Person|Complainant|Baby|Mother|Father|Family|Officer|"
    r"Young Person|Adult|Male|Female|Man|Woman)"
    r"[ ](?:\p{Lu}{1,2}\d{0,3}|\d{1,3}))(?![\p{L}\d])|(?<![\p{L}\d])(?P<code>\p{Lu}{2}-[AF]\d{1,3})(?!\d)"
)
_CIPHER_UPPER = regex.compile(r"(?<![\p{L}])(?P<name>(?:CHILD|GIRL|BOY|SURVIVOR|WITNESS|VICTIM) (?:\p{Lu}|\d{1,3}))(?![\p{L}\d])")
NO_GIVEN = STOP | words("before_letter")


def find(text: str) -> Iterator[Found]:
    """Findings of kinds name, alias and initials."""
    yield from _titled(text)
    yield from _labelled(text)
    yield from _cued(text)
    yield from _signed(text)
    yield from _spoken(text)
    yield from _initials(text)


def _span(match: Any, group: str | int = 0) -> tuple[int, int]:
    """A match's range, typed (the regex module ships no types)."""
    start, end = match.span(group)
    return start, end


def _name(text: str, start: int, end: int, score: float, why: str, *attributes: str, kind: Kind = Kind.NAME) -> Iterator[Found]:
    """The name in a range, if its first word may be one, up to the first word that may not."""
    for a, b in name_spans(text, start, end):
        last = a
        for word in regex.finditer(r"\S+", text, pos=a, endpos=b):
            bare = word.group().strip(".,'’").title()
            if bare in STOP:
                break
            last = word.end()
        if last > a:
            for x, y in name_spans(text, a, last):
                yield Found(x, y, kind, score, why, attributes)


def _titled(text: str) -> Iterator[Found]:
    for match in _TITLED.finditer(text, overlapped=False):
        code = title_code(match["title"])
        yield from _name(text, *_span(match, "name"), 0.9 if code != "kin" else 0.8, "title", f"title:{code}")
    for match in _CONSTABLE.finditer(text):
        yield Found(*_span(match, "name"), Kind.NAME, 0.9, "titled_constable", ("title:rank", "as_written"))
    for match in _TITLED_LETTER.finditer(text):
        yield Found(*_span(match, "name"), Kind.ALIAS, 0.7, "titled_letter", ("letter",))
    for match in _SENT.finditer(text):
        for side in ("name", "other"):
            yield from _name(text, *_span(match, side), 0.85, "message_head", "alias:contact", kind=Kind.ALIAS)
    headed = list(_HEADED.finditer(text))
    for match in headed if len(headed) > 2 else ():
        yield from _name(text, *_span(match, "name"), 0.85, "message_head", "alias:contact", kind=Kind.ALIAS)
    for match in _KIN_CALLED.finditer(text):
        yield from _name(text, *_span(match, "name"), 0.5, "kin_called", "title:kin")
    for match in _CHAT_TITLED.finditer(text):
        if match["name"].title() not in STOP:
            yield from _name(text, *_span(match, "name"), 0.8, "title_lower", "title:mr")
    for match in _SMALL_TITLED.finditer(text, overlapped=True):
        first = match["name"].split()[0]
        if first.title() not in STOP and first not in words("function_words"):
            yield from _name(text, *_span(match, "name"), 0.8, "title_small", f"title:{title_code(match['title'].upper())}")


def _labelled(text: str) -> Iterator[Found]:
    for match in _TWICE.finditer(text):
        words = match["name"].split(", ")
        if words[1].split()[0].title() not in STOP and words[0].title() not in STOP:
            yield Found(*_span(match, "name"), Kind.NAME, 0.85, "surname_first", ("shape:surname_first",))
    for label in _LABEL.finditer(text):
        for match in _LISTED.finditer(text, *_span(label, "value")):
            if "," in match["name"]:
                yield Found(*_span(match, "name"), Kind.NAME, 0.85, "label_surname_first", ("shape:surname_first", "label"))
            else:
                yield from _name(text, *_span(match, "name"), 0.5, "label", "label")


def _cued(text: str) -> Iterator[Found]:
    for match in _CUED.finditer(text):
        code = next(code for cue, code in CUES.items() if regex.fullmatch(cue, match["cue"], regex.IGNORECASE))
        if code == "quoted" and not regex.fullmatch(NAME, match["quoted"] or ""):
            continue
        span = _span(match, "quoted" if match["quoted"] else "name")
        if code == "initials":
            if regex.fullmatch(r"\p{Lu}{2,4}", text[span[0] : span[1]]):
                yield Found(*span, Kind.INITIALS, 0.8, "initials_said", ("signs",))
            continue
        if text[span[0] : span[1]] in ("Will", "May"):  # words that open no name but this one
            yield Found(*span, Kind.ALIAS, 0.85, f"alias_{code}", (f"alias:{code}", "as_written"))
            continue
        score = 0.5 if code in _WEAK and not match["quoted"] else 0.85
        found = list(_name(text, *span, score, f"alias_{code}", f"alias:{code}", kind=Kind.ALIAS))
        yield from found
        at = match.end()
        while found and code in ("spelt", "aka", "known_as", "nickname", "contact", "quoted") and (more := _MORE.match(text, at)):
            yield from _name(text, *_span(more, "name"), score, f"alias_{code}", f"alias:{code}", kind=Kind.ALIAS)
            at = more.end()
    for match in _QUOTED.finditer(text):
        yield from _name(text, *_span(match, "name"), 0.6, "alias_quoted", "alias:nickname", kind=Kind.ALIAS)
    for match in _QUOTED_THE.finditer(text):
        yield Found(*_span(match, "name"), Kind.ALIAS, 0.85, "alias_quoted", ("alias:nickname",))
    for match in _HANDLE.finditer(text):
        yield Found(*_span(match, "name"), Kind.ALIAS, 0.7, "handle", ("handle",))
    for match in _ACCOUNT.finditer(text):
        part = next(p for p in ("quoted", "token", "name") if match[p])
        if part == "name":
            yield from _name(text, *_span(match, part), 0.5, "account", "handle", kind=Kind.ALIAS)
        else:
            yield Found(*_span(match, part), Kind.ALIAS, 0.8, "account", ("handle",))


def _signed(text: str) -> Iterator[Found]:
    for match in _CLOSING.finditer(text):
        words = match["name"].split()
        if regex.fullmatch(r"(?:\p{Lu}['’.]?){1,4}(?: (?:\p{Lu}['’.]?){1,4})?", match["name"].strip()):
            yield Found(
                match.start("name"),
                match.start("name") + len(match["name"].rstrip()),
                Kind.INITIALS,
                0.6,
                "signature",
                ("signature",),
            )
        elif len(words) <= 5 and (all(w[0].isupper() or not w[0].isalpha() for w in words) or len(words) == 1):
            yield from _name(text, *_span(match, "name"), 0.8, "signature", "signature")


def _spoken(text: str) -> Iterator[Found]:
    speakers = list(_SPEAKER.finditer(text))
    often = Counter(s["name"].lower() for s in speakers)
    for match in speakers:
        if match["time"] or (often[match["name"].lower()] > 1 and not match["name"].islower()):
            yield from _name(text, *_span(match, "name"), 0.85, "speaker", "speaker")


def _initials(text: str) -> Iterator[Found]:
    for match in _DOTTED.finditer(text):
        start, end = match.start(), match.start() + len(match.group().rstrip())
        yield Found(start, end, Kind.INITIALS, 0.4, "initials_dotted", ("dotted",))
    defined: set[str] = set()
    for match in _BRACKETED.finditer(text):
        letters = "".join(part[0] for part in regex.split(r"[ -]", match["full"]))
        if letters.endswith(match["name"]) or letters.replace("O", "", 1).endswith(match["name"]):
            defined.add(match["name"])
    for short in sorted(defined):
        for match in regex.finditer(rf"(?<![\p{{L}}\d]){short}(?![\p{{L}}\d])", text):
            yield Found(*_span(match), Kind.INITIALS, 0.5, "initials_defined", ("defined",))
    for match in _GIVEN_INITIAL.finditer(text):
        if match["given"] not in NO_GIVEN and not _CIPHER.match(text, match.start()):
            yield Found(*_span(match, "name"), Kind.NAME, 0.4, "given_initial", ("given_initial",))
    headings = outline(text)
    for match in _INITIAL_SURNAME.finditer(text):
        if match.start() in headings:
            continue
        if match["sur"].title() not in NO_GIVEN and not _CIPHER.search(
            text, match.start() - 12 if match.start() > 12 else 0, match.start() + 1
        ):
            yield Found(*_span(match, "name"), Kind.NAME, 0.5, "initial_surname", ("initial_surname",))
    for match in _LINE.finditer(text):
        # In a paragraph of its own it opens a message ("H,") or signs one ("F O'H").
        alone = text[: match.start()].endswith("\n\n") and text[match.end() : match.end() + 2] in ("", "\n", "\n\n")
        opens = match.group().rstrip().endswith(",")
        signs = sum(c.isupper() for c in match["name"]) > 1
        code = "opens" if alone and opens else "signs" if alone and signs else "line"
        yield Found(*_span(match, "name"), Kind.INITIALS, 0.4 if code == "line" else 0.6, "initials_line", (code,))
    for pattern in (_CIPHER, _CIPHER_UPPER):
        for match in pattern.finditer(text):
            yield Found(*_span(match), Kind.ALIAS, 0.6, "cipher", ("cipher",))


def structure_recognizer() -> TextRecognizer:
    """These rules as a Presidio recognizer, named "title" after the first of them."""
    return TextRecognizer("title", [Kind.NAME, Kind.ALIAS, Kind.INITIALS], find)
