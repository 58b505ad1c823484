"""Names told by the form around them: a title, "SURNAME, Given", a header line, "known as", a signature, a speaker.

Where a model sees a word, these see a place for a name, so that "Mr Lad" and "MARSH:" are found. Not found: a name without a
capital that no cue stands before. Initials and given-name-with-initial are reported with low scores: people/ decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import regex  # type: ignore[import-untyped]

from ..lexicon import given_names, plain
from ..model import Kind
from .base import Found, TextRecognizer
from .capitals import within_shouts
from .messages import in_messages
from .outline import outline
from .shapes import INITIAL, NAME, STOP, WORD, name_in, reach
from .staff import find as staff
from .tidy import TITLE, title_code
from .wordlists import words

_TITLED = regex.compile(
    rf"(?<![\p{{L}}\d])(?P<title>{TITLE.pattern})(?:[ \u00a0]+\d{{1,5}})?[ \u00a0]+"
    rf"(?:{TITLE.pattern}[ \u00a0]+)*(?P<name>{NAME})",
    regex.V1,
)
_RANKED = r"(?<!\p{L})(?i:PC|DC|PS|DS|DI|Sgt|Sergeant|Inspector|Insp|Mr|Mrs|Ms|Miss|Dr)\.?[ ]"
_CONSTABLE = regex.compile(
    rf"{_RANKED}(?P<name>(?:\p{{Lu}}\p{{Ll}}+[ ])?Constable)(?![ ]\p{{Lu}})"
)  # the one surname that is a rank
_FRIDAY = regex.compile(  # "DC Friday"; not "told the DC Friday morning"
    rf"(?<!\b[Tt]he[ ]){_RANKED}(?P<name>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|MONDAY|FRIDAY|SUNDAY)"
    r"(?!\w|[ ](?:\d|the|last|next|morning|afternoon|evening|night)\b)"
)
_KIN_CALLED = regex.compile(
    rf"(?i:\b(?:son|daughter|mother|father|mum|mam|dad|brother|sister|aunt|uncle|grandmother|grandfather|gran|nan|niece|nephew|"
    rf"cousin|wife|husband|partner|stepdad|stepmum|stepfather|stepmother|carer|twin))"
    rf"(?:,[ ](?P<name>{WORD})(?=[,;.]|[ ]?\|)|[ ][(](?P<name>{WORD})(?:[ ]{WORD})?[)])"
)
_TWICE = regex.compile(
    rf"(?<![\p{{L}}\d,])(?P<name>\p{{Lu}}{{2,}}(?:[-'’ ]\p{{Lu}}{{2,}})*,[ ]{WORD}(?:[ ]{WORD})?)(?![\p{{L}}\d])"
)
_AFTER_A_NAME = frozenset("JP KC QC MP MSP MLA MS MBE OBE CBE KBE DBE QPM DL FRCP BA MA PHD".split())  # "Ian Rashid JP, Miss Lee"
_OF_A_BODY = regex.compile(  # "Grace from the school", "Will from MASH": a word that is a given name, and where she works
    r"(?<!\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Bb]y|[Oo]f|[Dd]uring|[Ll]ast|[Nn]ext|[Ee]arly|[Ll]ate|[Mm]id|[Tt]he|[Mm]y|[Nn]o|\d)[ ]|"
    r"[\p{L}\d-])"
    r"(?P<name>\p{Lu}\p{Ll}{1,11}) from (?:(?:the|my|our|her|his|their) (?:\p{Ll}+ )?)?"
    r"(?:(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|God|Heaven|A )\p{Lu}|"
    r"(?:surgery|school|hospital|office|council|team|nursery|home|college|library|church|mosque|club|refuge|agency|charity|unit|"
    r"ward|clinic|hostel|police|housing|social services|youth (?:club|service))\b)"
)
_FIELD = regex.compile(r"(?:(?<=\n)|^|[:|(\t]|[ ]{2}|\d)[ ]*$")  # where a form has its names
_LIST_GOES_ON = regex.compile(r"(?:, | (?:AND|OR|&) )\p{L}")
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
_LISTED = regex.compile(
    rf"(?P<name>{WORD}(?:[ ]{WORD})?,[ ]{WORD}(?:[ ](?:{INITIAL}|{WORD}))*(?=\s*(?:<|;|$|\s{{2,}}|\|))|{NAME})"
)
CUES = {  # words before another name of the same person -> code
    r"(?:also |otherwise |better |previously |formerly )?known "
    r"(?:(?:locally|only|simply|generally|there|then) |(?:to|on|in|at|around|among|within) \p{L}+(?: \p{L}+){0,6} )?"
    r"as|(?:only |just )?(?:knew|know)(?: (?:her|him|them))?(?: only| just)? as": "known_as",
    r"a\.?k\.?a\.?": "aka",
    r"n[ée]e": "nee",
    r"formerly|previously|then|now": "formerly",
    r"(?:maiden|married) name(?: (?:is|was))?:?": "maiden",
    r"(?:calls?|called|calling) (?:her|him|them)sel(?:f|ves)|goes by(?: the name(?: of)?)?|going by|answers to|"
    r"uses the name": "calls_self",
    r"(?:all |always |just )?call(?:s|ed)? (?:her|him|me|us)|Ask for|"
    r"(?:girls|boys|kids|lads|lasses|pupils|people|friends|mates|locals|everyone|everybody) (?:all |only |just )?"
    r"(?:call|calls|called|say|know)(?: (?:her|him|them|me)(?: as)?)?|known to (?:all|everyone|everybody|friends|locals) as|"
    r"nick-?named?|nickname(?: (?:is|was))?:?|"
    r"alias(?:es)?:?|street name:?": "nickname",
    r"(?:the )?initials(?: in \p{L}+)?(?: are| is|:)?": "initials",
    r"misspell(?:s|ed|ing)?(?: [\p{L}'’]+){1,4} as|"
    r"(?:wrongly |sometimes |also |is |was )*(?:mis)?(?:spelt|spelled|recorded|written|entered)"
    r"(?: (?:in|on|by) \p{L}+(?: \p{L}+){0,3})?(?: as)?": "spelt",
    r"changed (?:her|his|their) (?:sur)?name to|(?:sur|first |given |middle )name (?:is|was|might be|may be|of)|(?:sur|first |"
    r"given )name": "changed",
    r"(?:contact |number )?saved (?:in .{1,20} )?(?:as|under)|stored as|listed as|appears as": "contact",
    r"(?:gives?|gave|names?|named|has|had|lists?|listed|records?) (?:her|him|them) (?:only |simply |just )?as|"
    r"I am|(?:she|he|child|girl|boy) is|"
    r"(?:thought|believed|said|understood|known) to be|(?:down|entered|registered|logged|signed(?: in)?) as": "quoted",
}
_CUED = regex.compile(
    rf"(?<![\p{{L}}])(?P<cue>(?i:{'|'.join(CUES)}))[ ]*[,:(]?\s?(?:[\"“'‘](?P<quoted>[^\"”\n’]{{1,30}})[\"”'’]|(?P<name>{NAME}))"
)
_WEAK = frozenset({"formerly", "changed"})
_MORE = regex.compile(
    rf"[\"”]?(?:[,;]? and|[,;]? or|[,;])(?:,? once,?|,? sometimes,?| also)*[ ](?:[\"“](?P<name>{NAME})[\"”]|(?P<name>{NAME}))"
)
_QUOTED_THE = regex.compile(rf"[\"“‘](?P<name>{WORD}[ ]the[ ]{WORD})[\"”’]")  # "Kev the Van"
_QUOTED = regex.compile(rf"{WORD}[ ][(]?[\"“'‘](?P<name>\p{{Lu}}[\p{{L}} -]{{1,20}})[\"”'’][)]?(?=[ ]{WORD}|[\s,.)])")
_SOMEONE_QUOTED = regex.compile(  # 'her cousin "Dips"', 'a man, "Biscuit",': whatever the word means elsewhere
    r"\b(?:cousin|uncle|aunt(?:ie)?|brother|sister|friend|mate|boyfriend|girlfriend|man|male|lad|woman|girl|boy|driver|dealer|"
    r"neighbour),? "
    r"[\"“‘](?P<name>\p{Lu}[\p{L}’'-]{1,14}(?: \p{Lu}[\p{L}’'-]{0,14})?)[\"”’](?!\p{L})"
)
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
    r"^[ \t]*(?P<time>\[?(?:\d{1,4}[/.-]\d\d?[/.-]\d{2,4},?[ \t]+)?"
    rf"\d{{1,2}}[.:]\d\d(?:[.:]\d\d)?(?:\s?[ap]m)?\]?[ \t]+(?:-[ \t]+)?)?(?P<name>(?:{TITLE.pattern}[ ])*(?:{NAME}|"
    rf"\p{{Ll}}{{2,15}}))[ ]?:[ \t]",
    regex.MULTILINE | regex.V1,
)
_SPELT_OUT = regex.compile(r"(?<![\p{L}\d-])\p{Lu}\p{M}*(?:[-–]\p{Lu}\p{M}*){3,}(?![\p{L}\d-])")  # "H-O-R-V-Á-T"
_DOTTED = regex.compile(
    r"(?<![\p{L}.])(?!(?:U\.K|U\.S|N\.I|P\.S|Q\.C|K\.C|M\.P|J\.P\.s|W\.[DP]\.[CS]|D\.O\.B|B\.B\.C|N\.H\.S|E\.U|A\.M|P\.M|i\.e|"
    r"e\.g)\b)(?:\p{Lu}\.[ ]?){2,4}(?!\s?\p{Lu}\p{Ll})"
)
_BRACKETED = regex.compile(rf"(?P<full>{WORD}(?:[ -]{WORD}){{1,4}})[ ]*[(\[][\"“]?(?P<name>\p{{Lu}}{{2,4}})[\"”]?[)\]]")
_GIVEN_INITIAL = regex.compile(
    r"(?<![\p{L}\d-])(?P<name>(?P<given>\p{Lu}\p{Ll}{1,})[ ](?![AI] \p{Ll})\p{Lu})(?![\w'’]|\.\p{Lu}|[.]?[ ]\p{Lu}\p{Ll})"
)
_INITIAL_SURNAME = regex.compile(
    r"(?<![\p{L}\d.'’/-]|\d[ ])(?P<name>(?![AI] )(?:\p{Lu}\.?[ ]){1,3}(?P<sur>(?:[OD]['’]|Mc)?\p{Lu}[\p{L}-]{2,}))(?![\p{L}\d])"
)
_LINE = regex.compile(
    r"^[ \t]*(?P<name>(?!(?:CC|NB|PS|OK|END|TBC|UK|PTO|FAO|RE|FW|NO|OF|AND|"
    r"THE)\b)(?:\p{Lu}['’.]?){1,3}(?: (?:\p{Lu}['’.]?){1,3})?)[ \t]*,?[ \t]*$",
    regex.MULTILINE,
)
_SIGNS_OFF = regex.compile(  # the last line of a message in a thread: one word, under a sentence
    r"[.!?]\n[ \t]*(?P<name>\p{Lu}\p{Ll}{1,11}) ?x*[ \t]*(?=\n+[ \t>]*(?:From|Sent|To|On \p{Lu}\p{Ll}{2})\b|\s*\Z)"
)
_ONLY_LETTER = regex.compile(r"\bcall(?:s|ed)? (?:her|him|them) (?:only |just |simply )?(?P<name>\p{Lu})(?=\.?(?:\s|$))")
_QUESTION = regex.compile(r"^[ \t]*Q[.:]", regex.MULTILINE)
_ANSWER = regex.compile(r"(?<=^[ \t]*)[AQ]\.", regex.MULTILINE)
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
    yield from in_messages(text)
    yield from _labelled(text)
    yield from _cued(text)
    yield from _signed(text)
    yield from _spoken(text)
    yield from _initials(text)
    yield from _spelt_out(text)
    yield from staff(text)


def _titled(text: str) -> Iterator[Found]:
    for match in _TITLED.finditer(text, overlapped=False):
        code = title_code(match["title"])
        if match["title"] == "PS." and text[: match.start()].rstrip(" \t")[-1:] in ("", "\n"):
            continue  # a postscript
        yield from name_in(text, *reach(match, "name"), 0.9 if code != "kin" else 0.8, "title", f"title:{code}")
    for match in (*_CONSTABLE.finditer(text), *_FRIDAY.finditer(text)):
        yield Found(*reach(match, "name"), Kind.NAME, 0.9, "titled_constable", ("title:rank", "as_written"))
    for match in _KIN_CALLED.finditer(text):
        yield from name_in(text, *reach(match, "name"), 0.5, "kin_called", "title:kin")
    for match in _OF_A_BODY.finditer(text):
        if plain(match["name"]) in given_names() or match["name"] in ("Will", "May"):
            yield Found(*reach(match, "name"), Kind.NAME, 0.7, "of_a_body", ("structure",))


def _labelled(text: str) -> Iterator[Found]:
    for match in _TWICE.finditer(text):
        words = match["name"].split(", ")
        camel = regex.search(r"(?<!^Ma?c|^D[ei]|^L[aei])\p{Ll}\p{Lu}", words[1])  # a system's name ("WARSAME, CareFirst 8830417")
        ordinary = words[1].split()[0].title() in STOP or words[0].title() in STOP
        if not ordinary and not camel and not _no_surname(text, match):
            yield Found(*reach(match, "name"), Kind.NAME, 0.85, "surname_first", ("shape:surname_first",))
    for label in _LABEL.finditer(text):
        for match in _LISTED.finditer(text, *reach(label, "value")):
            if "," in match["name"]:
                yield Found(*reach(match, "name"), Kind.NAME, 0.85, "label_surname_first", ("shape:surname_first", "label"))
            else:
                yield from name_in(text, *reach(match, "name"), 0.5, "label", "label")


def _no_surname(text: str, match: regex.Match[str]) -> bool:
    """Whether "HOPE LAMB, Sworn", "TL, UM" and "RANG HOPE, UNA AND TOM" are no surname and given name."""
    before, after = (words.split() for words in match["name"].split(", "))
    if not {"OF", "AND", "FOR", "THE", "WITH"}.isdisjoint(before) or before[-1] in _AFTER_A_NAME:
        return True
    if title_code(" ".join(before)):
        return True  # "DC, CID Newport"
    if len(before) > 1 and plain(before[0]) in given_names() and plain(after[0]) not in given_names():
        return True
    if len(before[0]) < 4 and after[0].isupper() and len(after[0]) < 4 and len(before) == len(after) == 1:
        return before[0].isupper() and not {plain(before[0]), plain(after[0])} & given_names()
    if not within_shouts(text, match.start(), match.start() + 1):
        return False
    return not _FIELD.search(text, max(0, match.start() - 40), match.start()) or bool(_LIST_GOES_ON.match(text, match.end()))


def _cued(text: str) -> Iterator[Found]:
    for match in _CUED.finditer(text):
        code = next(code for cue, code in CUES.items() if regex.fullmatch(cue, match["cue"], regex.IGNORECASE))
        if code == "quoted" and not regex.fullmatch(NAME, match["quoted"] or ""):
            continue
        span = reach(match, "quoted" if match["quoted"] else "name")
        if _CIPHER.match(text, span[0]):
            continue  # "known only as Girl B"
        if code == "initials":
            if regex.fullmatch(r"\p{Lu}{2,4}", text[span[0] : span[1]]):
                yield Found(*span, Kind.INITIALS, 0.8, "initials_said", ("signs",))
            continue
        if text[span[0] : span[1]] in ("Will", "May"):  # words that open no name but this one
            yield Found(*span, Kind.ALIAS, 0.85, f"alias_{code}", (f"alias:{code}", "as_written"))
            continue
        score = 0.5 if code in _WEAK and not match["quoted"] else 0.85
        found = list(name_in(text, *span, score, f"alias_{code}", f"alias:{code}", kind=Kind.ALIAS))
        yield from found
        at = match.end()
        while found and code in ("spelt", "aka", "known_as", "nickname", "contact", "quoted") and (more := _MORE.match(text, at)):
            yield from name_in(text, *reach(more, "name"), score, f"alias_{code}", f"alias:{code}", kind=Kind.ALIAS)
            at = more.end()
    for match in _QUOTED.finditer(text):
        yield from name_in(text, *reach(match, "name"), 0.6, "alias_quoted", "alias:nickname", kind=Kind.ALIAS)
    for match in _SOMEONE_QUOTED.finditer(text):
        yield Found(*reach(match, "name"), Kind.ALIAS, 0.8, "alias_quoted", ("alias:nickname", "as_written"))
    for match in _QUOTED_THE.finditer(text):
        yield Found(*reach(match, "name"), Kind.ALIAS, 0.85, "alias_quoted", ("alias:nickname",))
    for match in _HANDLE.finditer(text):
        yield Found(*reach(match, "name"), Kind.ALIAS, 0.7, "handle", ("handle",))
    for match in _ACCOUNT.finditer(text):
        part = next(p for p in ("quoted", "token", "name") if match[p])
        if part == "name":
            yield from name_in(text, *reach(match, part), 0.5, "account", "handle", kind=Kind.ALIAS)
        else:
            yield Found(*reach(match, part), Kind.ALIAS, 0.8, "account", ("handle",))


def _spelt_out(text: str) -> Iterator[Found]:
    for match in _SPELT_OUT.finditer(text):
        yield Found(*reach(match), Kind.NAME, 0.9, "spelt_out", ("structure",))


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
            yield from name_in(text, *reach(match, "name"), 0.8, "signature", "signature")
    for match in _SIGNS_OFF.finditer(text):
        yield from name_in(text, *reach(match, "name"), 0.8, "signature", "signature")
    for match in _ONLY_LETTER.finditer(text):
        yield Found(*reach(match, "name"), Kind.ALIAS, 0.8, "called_letter", ("letter",))


def _spoken(text: str) -> Iterator[Found]:
    speakers = list(_SPEAKER.finditer(text))
    often = Counter(s["name"].lower() for s in speakers)
    for match in speakers:
        if match["time"] and match["name"] in ("Will", "May", "April", "June", "Mark"):
            yield Found(*reach(match, "name"), Kind.NAME, 0.85, "speaker", ("speaker", "as_written"))
        elif match["time"] or (often[match["name"].lower()] > 1 and not match["name"].islower()):
            yield from name_in(text, *reach(match, "name"), 0.85, "speaker", "speaker")


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
            yield Found(*reach(match), Kind.INITIALS, 0.5, "initials_defined", ("defined",))
    for match in _GIVEN_INITIAL.finditer(text):
        if match["given"] not in NO_GIVEN and not _CIPHER.match(text, match.start()):
            yield Found(*reach(match, "name"), Kind.NAME, 0.4, "given_initial", ("given_initial",))
    headings = outline(text)
    asked = len(_QUESTION.findall(text)) > 1
    for match in _INITIAL_SURNAME.finditer(text):
        before = regex.search(r"\p{L}+(?= $)", text[max(0, match.start() - 16) : match.start()])
        lettered = before is not None and before[0] in words("before_letter")  # "PACE Code C. Detained person"
        if lettered or match.start() in headings or (asked and _ANSWER.match(text, match.start())):
            continue
        if match["sur"].title() not in NO_GIVEN and not _CIPHER.search(
            text, match.start() - 12 if match.start() > 12 else 0, match.start() + 1
        ):
            yield Found(*reach(match, "name"), Kind.NAME, 0.5, "initial_surname", ("initial_surname",))
    for match in _LINE.finditer(text):
        # In a paragraph of its own it opens a message ("H,") or signs one ("F O'H").
        alone = text[: match.start()].endswith("\n\n") and text[match.end() : match.end() + 2] in ("", "\n", "\n\n")
        opens = match.group().rstrip().endswith(",")
        signs = sum(c.isupper() for c in match["name"]) > 1
        code = "opens" if alone and opens else "signs" if alone and signs else "line"
        yield Found(*reach(match, "name"), Kind.INITIALS, 0.4 if code == "line" else 0.6, "initials_line", (code,))
    for pattern in (_CIPHER, _CIPHER_UPPER):
        for match in pattern.finditer(text):
            yield Found(*reach(match), Kind.ALIAS, 0.6, "cipher", ("cipher",))


def structure_recognizer() -> TextRecognizer:
    """These rules as a Presidio recognizer, named "title" after the first of them."""
    return TextRecognizer("title", [Kind.NAME, Kind.ALIAS, Kind.INITIALS], find)
