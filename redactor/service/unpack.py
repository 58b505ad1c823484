"""What a request sends, laid out as a bundle's folder: a zip of documents (and case.yaml), or one text.

Names in a zip are believed for nothing but file names: one that points outside, a link, a member with a password or a second file
of the same name refuses the whole upload, and so does a zip that unpacks to more than it should. Does not look at what the files
hold: readers do that, in a process of their own.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ..errors import EnvironmentFault, UsageError
from ..formats.archive import NOISE, OUTSIDE, is_bomb, is_link

MAX_FILES = 2_000
_CHUNK = 1 << 20
_CONTROL = re.compile(r"[\x00-\x1f]")


def as_bundle(body: Path, media: str, folder: Path, most: int) -> None:
    """Lay the upload in the file `body` out in the new folder `folder`. `media` is application/zip or text/plain, `most` how many
    bytes it may unpack to. Raises UsageError saying what is wrong with it, never with a name out of it."""
    folder.mkdir(mode=0o700)
    if media == "application/zip":
        _unzipped(body, folder, most)
    else:
        body.replace(folder / "document.txt")


def _unzipped(body: Path, folder: Path, most: int) -> None:
    try:
        with zipfile.ZipFile(body) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not NOISE.search(i.filename)]
            _checked(infos, most)
            above = _above([i.filename for i in infos])
            for info in infos:
                target = folder.joinpath(*PurePosixPath(info.filename.replace("\\", "/")).parts[above:])
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                most -= _member(archive, info, target, most)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError):
        raise UsageError("The upload is no zip archive, or a damaged one. Send one made anew") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise UsageError("Two files of the archive have one name. Rename one of them") from None
    except OSError as fault:
        raise EnvironmentFault(f"The upload cannot be kept ({fault.strerror}). Check the service's disk") from None


def _checked(infos: list[zipfile.ZipInfo], most: int) -> None:
    if not infos:
        raise UsageError("The archive holds no file. Send the bundle's documents in it")
    if len(infos) > MAX_FILES:
        raise UsageError(f"The archive holds more than {MAX_FILES:,} files. Split it into bundles of fewer")
    if is_bomb(infos, most):
        raise UsageError("The archive unpacks to more than is taken. Split it into smaller bundles")
    if any(OUTSIDE.search(i.filename) or _CONTROL.search(i.filename) or is_link(i) for i in infos):
        raise UsageError("A file of the archive is a link or has a name that points outside it. Put the files themselves in")
    if any(i.flag_bits & 0x1 for i in infos):
        raise UsageError("A file of the archive has a password. Send it without")
    if len({i.filename.casefold() for i in infos}) < len(infos):
        raise UsageError("Two files of the archive have one name. Rename one of them")


def _above(names: list[str]) -> int:
    """1 where all files lie in one folder, which is then the bundle's own; else 0."""
    tops = {PurePosixPath(name.replace("\\", "/")).parts[0] for name in names}
    return int(len(tops) == 1 and all("/" in name.replace("\\", "/") for name in names))


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, most: int) -> int:
    """Unpack one file, its bytes counted, for a header may lie."""
    done = 0
    with archive.open(info) as packed, target.open("xb") as file:
        target.chmod(0o600)
        while chunk := packed.read(_CHUNK):
            done += len(chunk)
            if done > most:
                raise UsageError("The archive unpacks to more than is taken. Split it into smaller bundles")
            file.write(chunk)
    return done
