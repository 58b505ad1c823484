"""A run on a Dask cluster: the same copies as on one process, one document lost at most, no text over a wire in the clear."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from redactor.actions import publish
from redactor.actions.carrying import Unforeseen, packed
from redactor.actions.cluster import Cluster, safe
from redactor.actions.workers import Workers
from redactor.cleartext import ClearText
from redactor.errors import EnvironmentFault, HeldError, UsageError
from redactor.recognizers import Engine

pytestmark = pytest.mark.filterwarnings("default:::distributed", "default::ResourceWarning")  # Dask's own, at its end


def told(word: str, text: ClearText) -> tuple[str, int]:
    """Words of a document reach the task; it may fail, or end its process."""
    if word == "held":
        raise HeldError("it is held", "Do something.")
    if word == "fault":
        raise ValueError(text.reveal())
    if word == "end":
        os.kill(os.getpid(), signal.SIGKILL)
    return word, len(text.reveal())


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install .[cluster]")
    import dask

    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0, "distributed.worker.memory.terminate": False}),
        distributed.LocalCluster(  # type: ignore[no-untyped-call, unused-ignore]
            n_workers=1, threads_per_worker=1, memory_limit=None, dashboard_address=None
        ) as made,
    ):
        yield made


@pytest.fixture
def there(cluster: Any) -> Iterator[Workers]:
    made = Cluster(cluster.scheduler_address)
    with Workers(made.count, made, ahead=1) as workers:
        yield workers


@pytest.mark.parametrize(
    ("address", "fine"),
    [
        ("tls://10.0.0.5:8786", True),
        ("tcp://127.0.0.1:8786", True),
        ("localhost:8786", True),
        ("tcp://[::1]:8786", True),
        ("10.0.0.5:8786", False),
        ("tcp://scheduler.example:8786", False),
        ("tcp://127.0.0.1.example:8786", False),
        ("ws://10.0.0.5:8786", False),
        ("", False),
    ],
)
def test_texts_leave_the_machine_over_tls_alone(address: str, fine: bool) -> None:
    assert safe(address) is fine


def test_an_address_without_tls_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Orla Wexcombe rang.")
    with pytest.raises(UsageError, match="TLS"):
        publish([tmp_path / "a.txt"], tmp_path / "out", cluster="tcp://10.0.0.5:8786")
    assert not (tmp_path / "out").exists()


def test_what_travels_cannot_be_printed() -> None:
    parcel = packed(ClearText("Orla Wexcombe"))
    assert f"{parcel!r} {parcel}" == "<Parcel> <Parcel>" and parcel.opened().reveal() == "Orla Wexcombe"


def test_a_document_that_ends_its_worker_twice_is_held_and_no_other(there: Workers) -> None:
    text = ClearText("Orla Wexcombe")
    found = dict(there.each(told, [(word, text) for word in ("a", "end", "held", "b", "c")], False))
    (ended, held) = (found.pop(1), found.pop(2))
    assert isinstance(ended, HeldError) and "twice" in ended.cause
    assert isinstance(held, HeldError) and held.cause == "it is held"
    assert found == {0: ("a", 13), 3: ("b", 13), 4: ("c", 13)}

    with pytest.raises(Unforeseen, match=r"ValueError at test_actions_cluster\.py") as caught:
        dict(there.each(told, [("fault", ClearText("Orla Wexcombe"))], False))
    assert "Wexcombe" not in str(caught.value)


def test_a_worker_that_would_write_texts_to_its_disk_is_refused() -> None:
    distributed = pytest.importorskip("distributed", reason="Dask is not installed: pip install .[cluster]")
    with (
        distributed.LocalCluster(  # type: ignore[no-untyped-call, unused-ignore]
            n_workers=1, processes=False, memory_limit="1GiB", dashboard_address=":0"
        ) as made,
        pytest.raises(EnvironmentFault, match="SPILL=False"),
    ):
        Cluster(made.scheduler_address)


def test_nobody_at_the_address_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install .[cluster]")
    monkeypatch.setattr("redactor.actions.cluster.CONNECT", 0.5)
    with pytest.raises(EnvironmentFault, match="does not answer"):
        Cluster("tcp://127.0.0.1:1")
    with pytest.raises(UsageError, match="certificates"):
        Cluster("tls://127.0.0.1:1")


def test_a_cluster_makes_the_same_copies_as_one_process(
    tmp_path: Path, cluster: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("redactor.actions.detector.loaded", lambda _by: engine)
    monkeypatch.setenv("REDACTOR_KEYS", str(tmp_path / "keys"))
    source, out = tmp_path / "bundle", tmp_path / "out"
    source.mkdir()
    for number, name in enumerate(("Orla Wexcombe", "Tamsin Brookhurst", "Idris Penhallow")):
        (source / f"{number} {name}.txt").write_text(f"The note says that {name} rang on 07700 90012{number}.\n")
    one = publish([source], out, processes=1)[0].as_dict()
    copies = out / "bundle" / "publishable" / "documents"
    alone = {p.name: p.read_bytes() for p in copies.iterdir()}
    for kept in (out / "bundle" / "restricted" / "cache").iterdir():
        kept.unlink()
    assert publish([source], out, cluster=cluster.scheduler_address)[0].as_dict() == one
    assert len(alone) == 3 and {p.name: p.read_bytes() for p in copies.iterdir()} == alone
