"""The case key: one secret a bundle output, kept outside it; sealing, fingerprints, label draws and signing derive from it.

Does not guard against whoever can read the user's own files or memory, nor against a lost key: nothing in OUT can
replace it, on purpose, so that OUT alone on a stolen disk tells nothing. Sub-keys are derived with HKDF (RFC 5869), one
for each purpose, so that what one of them does says nothing about another. A key that was changed (`keys_rotate.py`) has two
secrets: the first one still makes labels, fingerprints in the public log and the signature, or nothing that was published
would go on; the second seals.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import random
import re
import secrets
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import NoReturn

from . import keys_lock
from .disk import written
from .errors import KeyFault

VARIABLE = "REDACTOR_KEYS"

_FOLDER: ContextVar[str] = ContextVar("key folder", default="")
_SIZE = 32
_SIZES = (_SIZE, 2 * _SIZE)
_RENEWED = ("seal", "fingerprint/store", "fingerprint/cache")  # what a change of the key changes; nothing of it is published
_NONCE = 12
_SEALED = b"\x01"  # how a sealed blob is made; a later way gets the next number and both stay readable
NEXT = ".next"  # a key that is to take the place of the one beside it
_DESTROYED = ".destroyed"  # an empty file beside, so that a key destroyed is not taken for one that was lost
_KEY_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_PUBLIC = re.compile(r"[0-9a-f]{64}")


class CaseKey:
    """The secret of one bundle output (32 bytes, 64 once it was changed). It can be used, but neither printed nor pickled."""

    __slots__ = ("_derived", "_secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) not in _SIZES:
            raise KeyFault(f"A case key has {_SIZE} bytes. Make one with create_key.")
        self._secret = secret
        self._derived: dict[str, bytes] = {}  # a run asks for the same few thousands of times

    def __repr__(self) -> str:
        return "<CaseKey>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a case key is never serialised: open it again by its id")

    def renewed(self) -> CaseKey:
        """A key that seals otherwise, so that this one opens nothing of it; labels, fingerprints and signature stay."""
        return CaseKey(self._secret[:_SIZE] + secrets.token_bytes(_SIZE))

    def seal(self, clear: bytes, context: bytes) -> bytes:
        """`clear` encrypted (AES-256-GCM: version byte, 12 random bytes, ciphertext). It opens only with the same `context`."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE)
        return _SEALED + nonce + AESGCM(self._derive("seal")).encrypt(nonce, clear, _SEALED + context)

    def unseal(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Another key, another context or a changed byte raises KeyFault, never gives garbage."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if sealed[:1] != _SEALED:
            raise KeyFault("The sealed text is of a form this version does not know. Open it with the version that made it.")
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return AESGCM(self._derive("seal")).decrypt(nonce, body, _SEALED + context)
        except (InvalidTag, ValueError):
            raise KeyFault(
                "The sealed text does not open: this is not the key it was sealed with, or it was changed since. "
                "Use the key that this output was made with."
            ) from None

    def fingerprint(self, text: str, purpose: str) -> str:
        """16 hex digits that stand for `text`: the same for the same key and purpose, nothing to guess from without the key.

        A plain hash of a name or a phone number is found again by trying all of them; hence the key (DOMAIN §5).
        """
        # surrogatepass: a file name that is not UTF-8 reaches Python as lone surrogates
        return hmac.new(
            self._derive(f"fingerprint/{purpose}"), text.encode("utf-8", "surrogatepass"), hashlib.sha256
        ).hexdigest()[:16]

    def draw(self, purpose: str) -> random.Random:
        """Random numbers for labels: the same key and purpose draw the same numbers again. Not for secrets."""
        return random.Random(int.from_bytes(self._derive(f"draw/{purpose}"), "big"))  # noqa: S311 - seeded from the key

    def public_key(self) -> str:
        """The public half of the signing key, 64 hex digits."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._derive("sign")).public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The Ed25519 signature of `message`, 128 hex digits."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._derive("sign")).sign(message).hex()

    def _derive(self, purpose: str) -> bytes:
        from cryptography.hazmat.primitives.hashes import SHA256
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF

        if purpose not in self._derived:
            info = f"redactor/1/{purpose}".encode()
            secret = self._secret[-_SIZE:] if purpose in _RENEWED else self._secret[:_SIZE]
            self._derived[purpose] = HKDF(algorithm=SHA256(), length=_SIZE, salt=None, info=info).derive(secret)
        return self._derived[purpose]


def check_signature(public_key: str, signature: str, message: bytes) -> None:
    """Return if `signature` on `message` is by the holder of `public_key` (both hex), raise KeyFault if not."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        raise KeyFault(
            "The signature is not by this key. Ask for the public key that was printed when the copies were made."
        ) from None


@contextlib.contextmanager
def kept_in(folder: Path) -> Iterator[None]:
    """Within this, keys are made and looked for in `folder`: a trial run leaves none among the user's own."""
    before = _FOLDER.set(str(folder))
    try:
        yield
    finally:
        _FOLDER.reset(before)


def key_folder() -> Path:
    """Where case keys live: the folder REDACTOR_KEYS names, or the user's configuration folder. Must not be within OUT."""
    named = _FOLDER.get() or os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_config_path

    return user_config_path("redactor") / "keys"


def key_path(key_id: str) -> Path:
    """The file of the key called `key_id` (letters, digits, dot, dash, underscore), whether it is there or not."""
    if not _KEY_ID.fullmatch(key_id):
        raise KeyFault("This is not a key id. Use up to 128 letters, digits, dots, dashes and underscores.")
    return key_folder() / f"{key_id}.key"


def create_key(key_id: str) -> CaseKey:
    """A new key, written to its own file (0600) and its public half beside it; an existing key is never written over."""
    path = key_path(key_id)
    key = CaseKey(secrets.token_bytes(_SIZE))
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(path, key._secret, 0o600)
        try:
            _write_new(_public_path(path), key.public_key().encode() + b"\n", 0o644)
        except OSError:
            path.unlink()
            raise
    except FileExistsError:
        raise KeyFault(f"A key of this id exists already: {path}. Open that one, or choose another id.") from None
    except OSError as fault:
        raise KeyFault(
            f"The case key cannot be written: {path} ({fault.strerror}). Mend that, or name another folder in {VARIABLE}."
        ) from None
    return key


def open_key(key_id: str) -> CaseKey:
    """The key made earlier by `create_key`; KeyFault if it is missing, unreadable or not a key."""
    return CaseKey(secret_of(key_path(key_id)))


def secret_of(path: Path) -> bytes:
    """What the key file at `path` holds, uncovered; KeyFault as `open_key`."""
    try:
        secret = path.read_bytes()
        if os.name == "posix" and path.stat().st_mode & 0o077:
            with contextlib.suppress(OSError):  # a USB stick has no file modes; the key is still the key
                path.chmod(0o600)
    except FileNotFoundError:
        if path.with_suffix(_DESTROYED).exists():
            raise KeyFault(f"The case key was destroyed: {path}. What it sealed does not open; publish to a new OUT") from None
        raise KeyFault(f"The case key is missing: {path}. Put it back from a copy, or name its folder in {VARIABLE}.") from None
    except OSError as fault:
        raise KeyFault(f"The case key cannot be read: {path} ({fault.strerror}). Give yourself the right to read it.") from None
    if keys_lock.is_covered(secret):
        secret = _uncovered(path, secret)
    if len(secret) not in _SIZES:
        raise KeyFault(f"The case key is damaged: {path} has {len(secret)} bytes in place of {_SIZE}. Put it back from a copy.")
    return secret


_OPENED: dict[tuple[Path, bytes], bytes] = {}  # a passphrase is asked for once a run, not at every look into the store


def _uncovered(path: Path, data: bytes) -> bytes:
    if (path, data) not in _OPENED:
        _OPENED[path, data] = keys_lock.uncover(data)
    return _OPENED[path, data]


def is_covered(key_id: str) -> bool:
    """Whether a key lies under a passphrase."""
    path = key_path(key_id)
    return path.is_file() and keys_lock.is_covered(path.read_bytes())


def cover_key(key_id: str, passphrase: str) -> None:
    """Put a key under a passphrase, or under another one. The old file stays until the new one is whole and opens."""
    path, key = key_path(key_id), open_key(key_id)
    data = keys_lock.cover(key._secret, passphrase)
    beside = path.with_name(f".{path.name}.covered")
    try:
        beside.unlink(missing_ok=True)  # of one that was killed
        _write_new(beside, data, 0o600)
        if keys_lock.uncover(beside.read_bytes(), passphrase) != key._secret:
            raise KeyFault("The covered key does not open. Nothing was changed; check the disk")
        beside.replace(path)
    except OSError as fault:
        raise KeyFault(f"The case key cannot be written: {path} ({fault.strerror}). Nothing was changed.") from None
    finally:
        beside.unlink(missing_ok=True)


def export_key(key_id: str, target: Path, passphrase: str) -> None:
    """A copy of a key under a passphrase of its own, for a second person or a safe: a new file, never the bare key."""
    try:
        if target.exists():
            raise KeyFault("There is a file of this name already. Name another")
        written(target, keys_lock.cover(open_key(key_id)._secret, passphrase))  # whole, or not there: half a key is no copy
    except OSError as fault:
        raise KeyFault(f"The key cannot be written there ({fault.strerror}). Name another place") from None


def destroy_key(key_id: str, marked: bool = True) -> None:
    """Write over a case key and remove it: what it sealed stays unreadable for good, unless somebody kept a copy of the key. Its
    public half stays: copies and log still verify. A disk that writes elsewhere (flash, snapshots) may hold the old bytes.
    `marked`: an empty file beside says that it was destroyed and not lost; nobody asks where what it sealed is gone too."""
    path = key_path(key_id)
    try:
        for secret in (path.with_suffix(NEXT), path):
            if secret == path or secret.exists():
                with secret.open("r+b") as file:
                    file.write(secrets.token_bytes(secret.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
        if marked:
            path.with_suffix(_DESTROYED).touch(0o600)
        path.with_suffix(NEXT).unlink(missing_ok=True)
        path.unlink()
    except FileNotFoundError:
        raise KeyFault(f"The case key is not there: {path}. Nothing was destroyed") from None
    except OSError as fault:
        raise KeyFault(
            f"The case key cannot be destroyed: {path} ({fault.strerror}). Give yourself the right to write it"
        ) from None


def known_public_key(key_id: str) -> str | None:
    """The public half of `key_id` as this machine knows it (64 hex digits), None where it knows neither half."""
    path = key_path(key_id)
    try:
        public = _public_path(path).read_text("ascii").strip()
    except FileNotFoundError:
        return open_key(key_id).public_key() if path.exists() else None
    except (OSError, UnicodeDecodeError):
        public = ""
    if not _PUBLIC.fullmatch(public):
        raise KeyFault(
            f"The public key cannot be read: {_public_path(path)}. Put it back from a copy, or give the public key itself."
        )
    return public


def _public_path(path: Path) -> Path:
    return path.with_suffix(".pub")


def _write_new(path: Path, data: bytes, mode: int) -> None:
    """Write a file that must not be there yet; a half-written one is taken away again."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            path.unlink()
            raise
