"""A compound file (MS-CFB) made by hand, for no free library writes one: enough of it for an Outlook message."""

from __future__ import annotations

import struct
from collections.abc import Mapping

Tree = Mapping[str, "bytes | Tree"]
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(tree: Tree) -> bytes:
    """The file that holds these streams (bytes) and storages (mappings)."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, _FREE, _FREE, 0, b""]]  # name, type, left, right, child, first, data
    _fill(entries, 0, tree)
    mini = b""
    minifat: list[int] = []
    for entry in entries:
        data = entry[6]
        assert isinstance(data, bytes)
        if entry[1] == 2 and len(data) < 4096:
            entry[5] = len(minifat) if data else _END
            count = -(-len(data) // 64)
            minifat += [len(minifat) + n + 1 for n in range(count)]
            if count:
                minifat[-1] = _END
            mini += data.ljust(64 * count, b"\0")
    entries[0][6] = mini
    fat: list[int] = []
    sectors = b""

    def put(data: bytes) -> int:
        nonlocal sectors
        count = -(-len(data) // 512)
        first = len(fat)
        fat.extend(first + n + 1 for n in range(count))
        if count:
            fat[-1] = _END
        sectors += data.ljust(512 * count, b"\0")
        return first if count else _END

    for entry in entries:
        data = entry[6]
        assert isinstance(data, bytes)
        if entry[1] == 5 or (entry[1] == 2 and len(data) >= 4096):
            entry[5] = put(data)
    table = put(struct.pack(f"<{len(minifat)}I", *minifat).ljust(-(-4 * len(minifat) // 512) * 512, b"\xff"))
    directory = put(b"".join(map(_entry, entries)))
    size = next(n for n in range(1, 100) if n * 128 >= len(fat) + n)
    first = len(fat)
    fat += [_FAT] * size
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, size, directory, 0, 4096, table, -(-4 * len(minifat) // 512), _END, 0)
    head += struct.pack("<109I", *range(first, first + size), *[_FREE] * (109 - size))
    return head + sectors + struct.pack(f"<{128 * size}I", *fat, *[_FREE] * (128 * size - len(fat)))


def _fill(entries: list[list[object]], parent: int, tree: Tree) -> None:
    """Children hang in a chain to the right: lopsided, and valid for a reader that walks."""
    before = None
    for name, inside in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
        number = len(entries)
        data = inside if isinstance(inside, bytes) else b""
        entries.append([name, 2 if isinstance(inside, bytes) else 1, _FREE, _FREE, _FREE, 0, data])
        if before is None:
            entries[parent][4] = number
        else:
            entries[before][3] = number
        before = number
        if not isinstance(inside, bytes):
            _fill(entries, number, inside)


def _entry(entry: list[object]) -> bytes:
    name, kind, left, right, child, first, data = entry
    assert isinstance(name, str) and isinstance(data, bytes)
    wide = name.encode("utf-16-le") + b"\0\0"
    out = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide), kind, 1, left, right, child)
    return out + bytes(36) + struct.pack("<IQ", first, len(data))


def message(**properties: object) -> dict[str, bytes | Tree]:
    """A message's storage: `p0037="Subject"`, binary `b1013=b"<p>"`, `sent=` a FILETIME number, `attach=[...]` storages."""
    out: dict[str, bytes | Tree] = {}
    rows = bytes(32)
    for name, value in properties.items():
        if name.startswith("p"):
            out[f"__substg1.0_{name[1:]}001F"] = str(value).encode("utf-16-le")
        elif name.startswith("b"):
            assert isinstance(value, bytes)
            out[f"__substg1.0_{name[1:]}0102"] = value
        elif name == "sent":
            assert isinstance(value, int)
            rows += struct.pack("<HHIQ", 0x0040, 0x0039, 6, value)
        else:
            assert isinstance(value, list)
            for number, storage in enumerate(value):
                out[f"__attach_version1.0_#{number:08X}"] = storage
    return {**out, "__properties_version1.0": rows}
