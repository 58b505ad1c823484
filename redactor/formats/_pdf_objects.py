"""The objects that a PDF page draws, in the order in which it draws them, each with its rectangle as the page is shown."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from ._ocr import Box

if TYPE_CHECKING:
    import pypdfium2


MAX_DEPTH = 12  # of drawings within drawings
Placer = Callable[[float, float, float, float], Box]


def placer(page: pypdfium2.PdfPage) -> Placer:
    """A function from a rectangle of the page's own space (left, bottom, right, top) to one from its top left corner as shown."""
    from pypdfium2 import raw

    area = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page, area)
    left, bottom, right, top = area.left, area.bottom, area.right, area.top
    turn = page.get_rotation() % 360

    def place(l: float, b: float, r: float, t: float) -> Box:  # noqa: E741  left, bottom, right, top
        if turn == 90:
            return Box(b - bottom, l - left, t - bottom, r - left)
        if turn == 180:
            return Box(right - r, b - bottom, right - l, t - bottom)
        if turn == 270:
            return Box(top - t, right - r, top - b, right - l)
        return Box(l - left, top - t, r - left, top - b)

    return place


def address(pointer: Any) -> int:
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


Matrix = tuple[float, float, float, float, float, float]
_PLAIN: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(m: Matrix, n: Matrix) -> Matrix:
    return (
        m[0] * n[0] + m[1] * n[2], m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2], m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4], m[4] * n[1] + m[5] * n[3] + n[5],
    )  # fmt: skip


def matrix_of(thing: Any) -> Matrix:
    from pypdfium2 import raw

    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(thing, m)
    return (m.a, m.b, m.c, m.d, m.e, m.f)


def objects(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, Matrix]]:
    """Every object in the order in which it is drawn, those within drawings too, and the matrix of the drawing it is in."""
    from pypdfium2 import raw

    def inside(form: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
        for at in range(raw.FPDFFormObj_CountObjects(form)):
            yield from one(raw.FPDFFormObj_GetObject(form, at), matrix, depth)

    def one(thing: Any, matrix: Matrix, depth: int) -> Iterator[tuple[Any, Matrix]]:
        yield thing, matrix
        if raw.FPDFPageObj_GetType(thing) == raw.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            yield from inside(thing, times(matrix_of(thing), matrix), depth + 1)

    for at in range(raw.FPDFPage_CountObjects(page)):
        yield from one(raw.FPDFPage_GetObject(page, at), _PLAIN, 0)


def bounds(thing: Any, matrix: Matrix, place: Placer) -> Box:
    from pypdfium2 import raw

    l, b, r, t = (ctypes.c_float() for _ in range(4))  # noqa: E741  left, bottom, right, top
    raw.FPDFPageObj_GetBounds(thing, l, b, r, t)
    return _turned(l.value, b.value, r.value, t.value, matrix, place)


def _turned(l: float, b: float, r: float, t: float, matrix: Matrix, place: Placer) -> Box:  # noqa: E741
    corners = [_point(x, y, matrix) for x in (l, r) for y in (b, t)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return place(min(xs), min(ys), max(xs), max(ys))


def _point(x: float, y: float, m: Matrix) -> tuple[float, float]:
    return m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]


def sides(path: Any, matrix: Matrix, place: Placer) -> Iterator[Box]:
    """The straight lines of a path that run across or down."""
    from pypdfium2 import raw

    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = _point(x.value, y.value, matrix)
        kind = raw.FPDFPathSegment_GetType(segment)
        ends = [(last, here)] if kind == raw.FPDF_SEGMENT_LINETO else []
        start = here if kind == raw.FPDF_SEGMENT_MOVETO else start
        if raw.FPDFPathSegment_GetClose(segment):
            ends.append((here, start))
        for (x0, y0), (x1, y1) in ends:
            if min(abs(x0 - x1), abs(y0 - y1)) < 1 and max(abs(x0 - x1), abs(y0 - y1)) > 6:
                yield place(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        last = here


def colour(get: Any, *where: Any) -> tuple[tuple[int, int, int], int]:
    r, g, b, a = (ctypes.c_uint() for _ in range(4))
    if not get(*where, r, g, b, a):
        return (0, 0, 0), 255
    return (r.value, g.value, b.value), a.value
