"""One PDF with a person of its own in every place where a name can hide or be seen in a way that a search misses."""

from __future__ import annotations

import io
import zlib

import pikepdf
from pikepdf import Dictionary, Name

from tests.pdf_builder import Builder
from tests.pdf_file_places import FILE_PLACES
from tests.pdf_page_places import PAGE_PLACES
from tests.planted import planted

PLACES = PAGE_PLACES | FILE_PLACES
AROUND = (
    "incremental_old",
    "orphan_object",
    "objstm_unref",
    "after_eof",
    "body_comment",
    "xref_trailer_key",
)


def build() -> tuple[bytes, dict[str, str], list[str]]:
    """The file, who is planted where, and the words that a reader sees and must find in a copy."""
    who = {place: person.name for place, person in planted([*PLACES, *AROUND]).items()}
    b = Builder()
    b.line("Report on the handling of records", "F2", 18)
    b.line("This report was written for the council and says what was found in the year under review.")
    b.seen("was written for the council")
    for place, plant in PLACES.items():
        plant(b, who[place])
    b.pdf.trailer[Name.Orphaned] = b.pdf.make_indirect(Dictionary(By=who["xref_trailer_key"]))
    b.line("This is the last line of the report.")
    b.seen("the last line of the report")
    out = io.BytesIO()
    b.pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, static_id=True, fix_metadata_version=False)
    return _around(out.getvalue(), who), who, b.expected


def _around(data: bytes, who: dict[str, str]) -> bytes:
    """The file with an older version of an object, an object nothing refers to, packed objects, comments, and bytes behind it."""
    packed = zlib.compress(f"9001 0 ({who['objstm_unref']})".encode())
    extra = (
        f"9000 0 obj\n({who['orphan_object']})\nendobj\n8999 0 obj\n<</Old ({who['incremental_old']})>>\nendobj\n".encode()
        + b"9002 0 obj\n<</Type/ObjStm/N 1/First 7/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
        + f"% {who['body_comment']}\n".encode()
    )
    at = data.rindex(b"startxref")
    xref = int(data[at:].split()[1])
    end = b"startxref\n%d\n%%%%EOF\n" % xref
    return data[:at] + extra + end + who["after_eof"].encode() + b"\n"
