"""A run on a Dask cluster of two workers that share nothing but a wire, beside the same run on one process.

    python -m benchmarks.cluster [DOCUMENTS]     (24)

Each worker has a network namespace to itself (`ip netns`, as root; elsewhere this says so and ends with 0); all speak TLS with
certificates made on the spot. The second run starts with an empty cache. Shown: copies and summary are the same, a worker that is
killed on the way costs nothing, an address without TLS is refused. Every frame to and from the workers is listened to: none holds
a long word of the bundle, but one that is sent in the clear on purpose, which shows that the listener hears.
"""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bundles import text_bundle
from redactor.actions import publish
from redactor.actions.audit import audit_verify
from redactor.errors import UsageError

NET = "10.213.77"
BRIDGE, SPACES = "rdbridge", ("rdone", "rdtwo")
PORT = 8786
_ALL = 3  # ETH_P_ALL


def main() -> int:
    """The command."""
    said = sys.argv[1] if len(sys.argv) > 1 else "24"
    if not said.isdecimal() or not (documents := int(said)):
        sys.exit("benchmarks.cluster: say how many documents, 1 or more")
    if os.name != "posix" or os.geteuid() != 0 or shutil.which("ip") is None:
        print("Not shown: network namespaces need root and `ip` on Linux.")
        return 0
    with tempfile.TemporaryDirectory(prefix="redactor-") as folder, contextlib.ExitStack() as stack:
        place = Path(folder)
        try:
            stack.enter_context(network())
        except subprocess.CalledProcessError:
            print("Not shown: this machine lets nobody make network namespaces.")
            return 0
        os.environ |= settings(place) | {"REDACTOR_KEYS": str(place / "keys")}
        heard = stack.enter_context(listening())
        workers = stack.enter_context(cluster())
        shown(place, documents, workers, heard)
    return 0


def shown(place: Path, documents: int, workers: list[subprocess.Popen[bytes]], heard: list[bytes]) -> None:
    source, out = text_bundle(place / "bundle", documents), place / "out"
    one, alone, took = run(source, out)
    print(f"one process: {took:.1f} s, {len(alone)} copies")
    empty_cache(out)

    def kill(stage: str, done: int, of: int) -> None:
        if stage == "detecting" and done > of // 2 and workers[1].poll() is None:
            workers[1].kill()
            print(f"worker 2 is killed after {done} of {of}")

    two, there, took = run(source, out, cluster=f"tls://{NET}.1:{PORT}", progress=kill)
    print(f"two workers, one of them killed: {took:.1f} s; copies the same: {there == alone}; summary the same: {two == one}")
    audit_verify(out)
    words = {name for p in source.glob("*.txt") for name in p.read_text().split() if len(name) > 6 and name.isalpha()}
    clear = in_clear(heard, words)
    print(f"frames on the wire: {len(heard):,}, {sum(map(len, heard)) // 1024:,} KiB; with a word of the bundle: {clear}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as aloud:
        aloud.sendto(max(words, key=len).encode(), (f"{NET}.2", 9))
    time.sleep(0.5)
    print(f"after one that is sent in the clear on purpose: {in_clear(heard, words)}")
    try:
        publish([source], out, cluster=f"tcp://{NET}.1:{PORT}")
    except UsageError as refused:
        print(f"without TLS: {refused}")
    if there != alone or two != one or clear or not in_clear(heard, words):
        raise SystemExit(1)


def in_clear(frames: list[bytes], words: set[str]) -> int:
    return sum(any(word.encode() in frame for word in words) for frame in list(frames))


def run(source: Path, out: Path, **how: object) -> tuple[dict[str, object], dict[str, bytes], float]:
    """Summary, copies, and seconds."""
    begun = time.perf_counter()
    summary = publish([source], out, processes=1, **how)[0].as_dict()  # type: ignore[arg-type]
    took = time.perf_counter() - begun
    folder = out / "bundle" / "publishable" / "documents"
    return summary, {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}, took


def empty_cache(out: Path) -> None:
    for kept in (out / "bundle" / "restricted" / "cache").iterdir():
        kept.unlink()


# --- the cluster ----------------------------------------------------------------------------------------------------------


def settings(place: Path) -> dict[str, str]:
    """What Dask is told: certificates for all three, nothing spilled to a disk, a worker that ends is not tried three times."""
    certificate, key = certified(place)
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    memory = "DASK_DISTRIBUTED__WORKER__MEMORY__"
    return (
        {f"{tls}CA_FILE": certificate, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}
        | {f"{tls}{role}__CERT": certificate for role in ("CLIENT", "SCHEDULER", "WORKER")}
        | {f"{tls}{role}__KEY": key for role in ("CLIENT", "SCHEDULER", "WORKER")}
        | {f"{memory}TARGET": "False", f"{memory}SPILL": "False", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    )


def certified(place: Path) -> tuple[str, str]:
    """A certificate that vouches for itself, for an hour, and its key (PEM files)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "redactor demonstration")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(f"{NET}.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (place / "cert.pem").write_bytes(made.public_bytes(pem))
    (place / "key.pem").touch(0o600)
    (place / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return str(place / "cert.pem"), str(place / "key.pem")


@contextlib.contextmanager
def cluster() -> Iterator[list[subprocess.Popen[bytes]]]:
    """A scheduler here, a worker in each namespace; the workers' processes."""
    address = f"tls://{NET}.1:{PORT}"
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--protocol", "tls", "--host", f"{NET}.1"]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        address,
        "--nthreads",
        "1",
        "--memory-limit",
        "0",
        "--no-nanny",
    ]
    begun = [quiet([*scheduler, "--port", str(PORT), "--no-dashboard"])]
    try:
        for space in SPACES:
            begun.append(quiet(["ip", "netns", "exec", space, *worker, "--no-dashboard"]))
        from distributed import Client

        with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call, unused-ignore]
            client.wait_for_workers(len(SPACES), timeout=60)
            print(f"workers: {', '.join(sorted(client.scheduler_info()['workers']))}")
        yield begun[1:]
    finally:
        for process in reversed(begun):
            process.kill()
            process.wait()


def quiet(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parent.parent)


# --- the network ----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def network() -> Iterator[None]:
    """A bridge with our address on it, and two namespaces that reach it and each other, nothing else."""
    with contextlib.ExitStack() as undone:
        ip("link", "add", BRIDGE, "type", "bridge")
        undone.callback(ip, "link", "del", BRIDGE)
        ip("addr", "add", f"{NET}.1/24", "dev", BRIDGE)
        ip("link", "set", BRIDGE, "up")
        for number, space in enumerate(SPACES, 2):
            ip("netns", "add", space)
            undone.callback(ip, "netns", "del", space)
            ip("link", "add", f"{space}v", "type", "veth", "peer", "name", "eth0", "netns", space)
            ip("link", "set", f"{space}v", "master", BRIDGE, "up")
            for told in (
                ("addr", "add", f"{NET}.{number}/24", "dev", "eth0"),
                ("link", "set", "eth0", "up"),
                ("link", "set", "lo", "up"),
            ):
                ip("-n", space, *told)
        yield


def ip(*told: str) -> None:
    subprocess.run(["ip", *told], check=True, capture_output=True)


@contextlib.contextmanager
def listening() -> Iterator[list[bytes]]:
    """Every frame that crosses the bridge's ends while this lasts."""
    frames: list[bytes] = []
    over = threading.Event()
    with contextlib.ExitStack() as stack:
        for space in SPACES:
            wire = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL)))
            wire.bind((f"{space}v", 0))
            wire.settimeout(0.2)
            threading.Thread(target=_listen, args=(wire, frames, over), daemon=True).start()
        try:
            yield frames
        finally:
            over.set()
            time.sleep(0.5)


def _listen(wire: socket.socket, frames: list[bytes], over: threading.Event) -> None:
    while not over.is_set():
        with contextlib.suppress(TimeoutError):
            frames.append(wire.recv(65536))


if __name__ == "__main__":
    sys.exit(main())
