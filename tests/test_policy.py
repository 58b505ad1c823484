from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from redactor import yamlfile
from redactor.errors import PolicyError
from redactor.model import NAMEABLE, Action, Kind, Role
from redactor.policy import check, load_policy, policies, reasons
from redactor.policy_ranks import rank_of

SHIPPED = ("base", "inquiry", "iopc-report", "newsroom", "newsroom-changed-names", "strict")
PROFILES = tuple(name for name in SHIPPED if name != "newsroom-changed-names")  # which is newsroom but for names
AUTHORITY = "authority: {who: the editor, when: 2026-01-05, why: agreed with counsel}"


def child(folder: Path, body: str, extends: str = "iopc-report", name: str = "child") -> str:
    path = folder / f"{name}.yaml"
    path.write_text(f"policy: {name}\nextends: {extends}\ndescription: a test\n{body}\n", encoding="utf-8")
    return str(path)


def test_a_policys_digest_is_the_same_in_every_process() -> None:
    code = "from redactor.policy import load_policy; print(load_policy('iopc-report').digest)"
    runs = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert runs == {load_policy("iopc-report").digest + "\n"}


def test_every_shipped_policy_loads_and_is_described() -> None:
    assert tuple(name for name, _ in policies()) == SHIPPED
    assert all(description for _, description in policies())
    assert len({load_policy(name).digest for name in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_shipped_policy_names_a_protected_person_or_needs_an_authority(name: str) -> None:
    policy = load_policy(name)
    assert policy.weakened == ()
    assert all(policy.role(role).action is Action.MASK for role in Role if role not in NAMEABLE)
    assert policy.role(Role.UNKNOWN).asks
    tier0 = (Kind.NAME, Kind.INITIALS, Kind.ALIAS, Kind.ADDRESS, Kind.POSTCODE, Kind.SCHOOL, Kind.WORK, Kind.DOB)
    assert all(policy.kind(kind).action is Action.MASK for kind in tier0)
    assert {"J01", "J02", "J05", "J06", "J07", "J16", "J20", "J28", "J33", "J34"} <= policy.jigsaw.block
    assert not policy.jigsaw.block & policy.jigsaw.warn


@pytest.mark.parametrize("name", SHIPPED)
def test_every_lookup_has_a_rule_id_and_a_known_reason(name: str) -> None:
    policy = load_policy(name)
    for role in Role:
        rule = policy.role(role)
        assert rule.rule == f"{name}:roles.{role}"
        assert rule.reason in reasons() and rule.label and rule.descriptor
        assert reasons()[rule.reason].keeps == (rule.action is Action.KEEP)
    for kind in Kind:
        fact = policy.kind(kind)
        assert fact.rule == f"{name}:kinds.{kind}"
        assert not reasons()[fact.reason].keeps and reasons()[fact.kept].keeps


def test_a_detail_has_its_own_line() -> None:
    home, street = load_policy("base").kind(Kind.PLACE, "home"), load_policy("base").kind(Kind.PLACE, "street")
    assert (home.action, home.untied, home.rule) == (Action.MASK, Action.KEEP, "base:kinds.place.home")
    assert (street.untied, street.rule) == (Action.MASK, "base:kinds.place")
    assert load_policy("strict").kind(Kind.PLACE, "home").untied is Action.MASK


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("name_from_rank", ("chief_inspector", "assistant_chief_constable", "superintendent", "chief_constable")),
        ("ages", ("words", "words", "teenager", "adult_child")),
        ("dates.day", ("month_year", "part_of_year", "year", "period")),
        ("labels.style", ("numbered", "numbered", "descriptor", "unlinked")),
        ("jigsaw.k_min", (10, 20, 20, 50)),
        ("jigsaw.small_counts", (5, 5, 5, 10)),
        ("towns_from", (50000, 50000, 50000, 250000)),
        ("kinds.health.action", ("soften", "soften", "mask", "mask")),
        ("roles.convicted.action", ("keep", "keep", "keep", "mask")),
        ("roles.survivor.label", ("{inv}-A{n}", "Survivor {n}", "Survivor {n}", "Survivor {n}")),
        ("roles.officer.label", ("{rank} {n}", "{rank} {n}", "{rank} {n}", "Officer {n}")),
    ],
)
def test_the_four_profiles_differ_where_the_field_says(what: str, values: tuple[object, ...]) -> None:
    for name, value in zip(("inquiry", "iopc-report", "newsroom", "strict"), values, strict=True):
        found = load_policy(name).merged()
        for key in what.split("."):
            found = found[key]
        assert found == value, name


def test_profiles_differ_in_offices_and_sign_offs() -> None:
    assert "journalist" in load_policy("iopc-report").offices and not load_policy("strict").offices
    assert len({load_policy(name).sign_offs for name in PROFILES}) == len(PROFILES)


WEAKER = [
    ("name_from_rank: superintendent", "name_from_rank"),
    ("towns_from: 20000", "towns_from"),
    ("offices: [mp, celebrity]", "offices"),
    ("dates: {day: month_year}", "dates.day"),
    ("dates: {month: season}", "dates.month"),
    ("jigsaw: {k_min: 10}", "jigsaw.k_min"),
    ("jigsaw: {block: [J01, J02, J05, J06, J07, J09, J16, J20, J28, J33, J34], warn: [J10]}", "jigsaw.block"),
    ("jigsaw: {warn: [J04]}", "jigsaw.warn"),
    ("sign_offs: [director, reviewer, second_reviewer, legal]", "sign_offs"),
    ("sign_offs: [reviewer]", "sign_offs"),
    ("engine: {tagger: {name: 0.8}}", "engine.tagger.name"),
    ("engine: {tagger: {health: 0.9, age: 0.1}}", "engine.tagger.health"),
    ("engine: {ask_below: 0.3}", "engine.ask_below"),
    ("engine: {names: [rampart]}", "engine.names"),
    ("roles: {officer: {action: keep}}", "roles.officer.action"),
    ("kinds: {phone: {untied: keep}}", "kinds.phone.untied"),
    ("kinds: {health: {action: keep}}", "kinds.health.action"),
    ("kinds: {place: {action: soften}}", "kinds.place.action"),
    ("kinds: {place: {details: {street: {untied: keep}}}}", "kinds.place.details.street.untied"),
    ("kinds: {phone: {details: {mobile: {action: keep}}}}", "kinds.phone.details.mobile.action"),
]
STRICTER_BASE = [
    ("jigsaw: {small_counts: 5}", "jigsaw.small_counts"),
    ("ages: words", "ages"),
    ("labels: {style: numbered}", "labels.style"),
    ("roles: {convicted: {action: keep, reason: K-CONV}}", "roles.convicted.action"),
    ("kinds: {place: {details: {home: {untied: keep}}}}", "kinds.place.details.home.untied"),
]


@pytest.mark.parametrize(
    ("body", "key", "base"), [(*row, "iopc-report") for row in WEAKER] + [(*row, "strict") for row in STRICTER_BASE]
)
def test_a_weaker_key_fails_at_load_by_name(tmp_path: Path, body: str, key: str, base: str) -> None:
    with pytest.raises(PolicyError, match=rf"child\.yaml, line 4: {key} is weaker than in {base}"):
        load_policy(child(tmp_path, body, base))


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("roles: {survivor: {action: keep, %s}}", "roles.survivor.action"),
        ("roles: {child: {action: keep, %s}}", "roles.child.action"),
        ("roles: {unknown: {action: keep, %s}}", "roles.unknown.action"),
        ("roles: {unknown: {asks: false, %s}}", "roles.unknown.asks"),
        ("kinds: {name: {action: keep, %s}}", "kinds.name.action"),
        ("kinds: {school: {action: soften, %s}}", "kinds.school.action"),
        ("kinds: {work: {details: {employer: {action: keep, %s}}}}", "kinds.work.details.employer.action"),
    ],
)
def test_tier_0_is_weakened_by_nobody(tmp_path: Path, body: str, key: str) -> None:
    with pytest.raises(PolicyError, match=rf"{key} is weaker .* no authority can allow that"):
        load_policy(child(tmp_path, body % AUTHORITY))


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("towns_from: {value: 20000, %s}", "towns_from"),
        ("roles: {officer: {action: keep, %s}}", "roles.officer.action"),
        ("sign_offs: {value: [reviewer], %s}", "sign_offs"),
        ("jigsaw: {k_min: 10, %s}", "jigsaw.k_min"),
    ],
)
def test_an_authority_may_weaken_and_is_recorded_for_the_log(tmp_path: Path, body: str, key: str) -> None:
    file = child(tmp_path, body % AUTHORITY)
    policy = load_policy(file)
    (weakening,) = policy.weakened
    assert (weakening.key, weakening.who, weakening.why) == (key, "the editor", "agreed with counsel")
    grandchild = load_policy(child(tmp_path, "", extends="child.yaml", name="grandchild"))
    assert grandchild.weakened == policy.weakened
    assert policy.digest != load_policy("iopc-report").digest


@pytest.mark.parametrize("missing", ["who", "when", "why"])
def test_an_authority_says_who_when_and_why(tmp_path: Path, missing: str) -> None:
    body = f"towns_from: {{value: 20000, {AUTHORITY.replace(missing, 'x' + missing)}}}"
    with pytest.raises(PolicyError, match=f"`x{missing}`|`{missing}`"):
        load_policy(child(tmp_path, body))
    with pytest.raises(PolicyError, match="who, when and why"):
        load_policy(child(tmp_path, "towns_from: {value: 20000, authority: me}"))


def test_a_child_may_tighten_and_turn_a_warning_into_a_block(tmp_path: Path) -> None:
    base = load_policy("iopc-report")
    rules = ", ".join(sorted(base.jigsaw.block | {"J18"}))
    body = f"towns_from: 100000\nname_from_rank: chief_constable\noffices: [minister, mp]\njigsaw: {{block: [{rules}]}}\n"
    policy = load_policy(child(tmp_path, body + "sign_offs: [reviewer, second_reviewer, survivor_liaison, legal, director]"))
    assert policy.weakened == ()
    assert "J18" in policy.jigsaw.block and "J18" not in policy.jigsaw.warn
    assert policy.role(Role.OFFICER).rule == "child:roles.officer"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("towns_form: 100000", "line 4: unknown key `towns_form`; did you mean towns_from"),
        ("kinds: {phone: {actoin: keep}}", "line 4: unknown key `actoin`; did you mean action"),
        ("kinds: {phon: {action: keep}}", "line 4: `kinds`.`phon`"),
        ("name_from_rank: corporal", "line 4: `name_from_rank`: no such rank"),
        ("roles: {officer: {reason: R-NONE}}", "reason codes that are not in reasons.yaml: R-NONE"),
        ("towns_from: many", "line 4: `towns_from`"),
        ("sign_offs: []", "line 4: `sign_offs`"),
        ("jigsaw: {k_min: 1}", "line 4: `jigsaw`.`k_min`"),
        ("labels: {investigation: 'x y'}", "line 4: `labels`.`investigation`"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, body: str, said: str) -> None:
    (found,) = check(child(tmp_path, body))
    assert said in found


def test_a_policy_that_stands_alone_must_be_whole(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text("policy: alone\ndescription: x\n")
    assert "Field required" in check(str(path))[0]
    assert check("strict") == []


@pytest.mark.parametrize(
    ("name", "said"),
    [("newsrom", "newsroom"), ("strikt", "strict"), ("zzz", "Choose one of base"), ("reasons", "No such policy")],
)
def test_an_unknown_name_offers_the_nearest(name: str, said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        load_policy(name)


def test_a_policy_that_extends_itself_is_refused(tmp_path: Path) -> None:
    child(tmp_path, "", extends="b.yaml", name="a")
    with pytest.raises(PolicyError, match="extends itself"):
        load_policy(child(tmp_path, "", extends="a.yaml", name="b"))


@pytest.mark.parametrize(
    ("words", "rank"),
    [
        ("PC", 0),
        ("WDC", 0),
        ("Detective Sergeant", 1),
        ("Det. Insp.", 2),
        ("DCI", 3),
        ("T/DCI", 2),
        ("Acting Detective Superintendent", 3),
        ("the then Chief Superintendent", 5),
        ("Commander", 6),
        ("ACC", 7),
        ("Deputy Chief Constable", 9),
        ("Chief Constable", 11),
        ("Commissioner", 13),
        ("social worker", None),
        ("inspector of schools", None),
        ("", None),
    ],
)
def test_a_rank_has_its_place_on_the_ladder(words: str, rank: int | None) -> None:
    assert rank_of(words) == rank


def test_who_is_named_by_rank_follows_the_threshold() -> None:
    ranks = ("PC", "Chief Inspector", "Superintendent", "ACC", "Chief Constable")
    named = {name: [load_policy(name).names_rank(r) for r in ranks] for name in PROFILES[1:]}
    assert named == {
        "inquiry": [False, True, True, True, True],
        "iopc-report": [False, False, False, True, True],
        "newsroom": [False, False, True, True, True],
        "strict": [False, False, False, False, True],
    }


def test_packaged_yaml_reads_the_same_by_libyaml_and_by_python() -> None:
    root = Path(yamlfile.__file__).parent
    ours = [*root.rglob("*.yaml"), *root.parent.glob("policies/**/*.yaml")]
    ours = [file for file in ours if file.stat().st_size < 25_000]  # the long ones are lists of the same rows, and slow
    assert len(ours) > 15
    for file in ours:
        text = file.read_text(encoding="utf-8")
        if file.is_relative_to(root):
            assert yaml.load(text, Loader=yamlfile._QUICK) == yaml.safe_load(text), file.name
        else:
            assert yamlfile.parse(text, PolicyError, "x", ours=True) == yamlfile.parse(text, PolicyError, "x"), file.name
