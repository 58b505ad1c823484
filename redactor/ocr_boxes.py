"""Where lines of text stand in a picture: from the map of a detection model to rectangles, straight or aslant.

The way is that of "Real-time Scene Text Detection with Differentiable Binarization" (Liao et al. 2020, §3.4): the map is cut at a
threshold, each patch gets the smallest rectangle around it, weak ones fall away, and each is let out by its area over its
girth. Does not follow lines that bend.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[Any]

CUT = 0.3  # of the map: text or none
LEAST = 0.5  # mean of the map in a rectangle
LET_OUT = 1.6
_SMALL = 3  # pixels of the map: narrower patches are dust
_MOST = 1000  # patches of one picture


def boxes(found: Array, width: int, height: int) -> list[NDArray[np.float32]]:
    """The rectangles of a map (values 0 to 1) in a picture of this size: corners from the top left, clockwise, in pixels, sorted
    from the top down and then from the left."""
    import numpy as np

    high, wide = found.shape
    mask = found > CUT
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:, 1:] |= mask[:, :-1]
    grown[1:, 1:] |= mask[:-1, :-1]
    out = []
    for patch in _patches(grown):
        rect = _smallest(patch)
        if min(rect[2:4]) < _SMALL or _mean(found, rect) < LEAST:
            continue
        x, y, w, h, angle = rect
        further = 2 * w * h * LET_OUT / (2 * (w + h))
        corners = _corners(x, y, w + further, h + further, angle) * (width / wide, height / high)
        corners = _clockwise(np.clip(np.round(corners), 0, (width - 1, height - 1)))
        if min(math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])) > _SMALL:
            out.append(corners.astype(np.float32))
    return sorted(out, key=lambda box: (box[0][1], box[0][0]))


def _patches(mask: NDArray[np.bool_]) -> Iterator[Array]:
    """The patches of a mask that hang together (corners count), each as the ends of its runs: points (x, y)."""
    import numpy as np

    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, begins = np.nonzero(edges == 1)
    ends = np.nonzero(edges == -1)[1] - 1
    parent = list(range(len(rows)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    first = np.searchsorted(rows, np.arange(mask.shape[0] + 1)).tolist()
    row, begin, end = rows.tolist(), begins.tolist(), ends.tolist()
    for y in range(1, mask.shape[0]):
        above = first[y - 1]
        for n in range(first[y], first[y + 1]):
            while above < first[y] and end[above] < begin[n] - 1:
                above += 1
            at = above
            while at < first[y] and begin[at] <= end[n] + 1:
                parent[root(n)] = root(at)
                at += 1
    runs: dict[int, list[int]] = {}
    for n in range(len(row)):
        runs.setdefault(root(n), []).append(n)
    for members in list(runs.values())[:_MOST]:
        yield np.array([(x, row[n]) for n in members for x in (begin[n], end[n])], dtype=np.float64)


def _smallest(points: Array) -> tuple[float, float, float, float, float]:
    """The smallest rectangle around points: middle, width, height, and the angle of its width in radians. One of its sides lies
    on a side of the hull (Freeman and Shapira 1975)."""
    import numpy as np

    hull = _hull(points)
    sides = np.diff(np.vstack([hull, hull[:1]]), axis=0)
    angles = np.unique(np.arctan2(sides[:, 1], sides[:, 0]) % (math.pi / 2)) if len(hull) > 1 else np.zeros(1)
    cosine, sine = np.cos(angles), np.sin(angles)
    along = hull[:, :1] * cosine + hull[:, 1:] * sine
    across = hull[:, 1:] * cosine - hull[:, :1] * sine
    spans = np.ptp(along, axis=0), np.ptp(across, axis=0)
    best = int(np.argmin(spans[0] * spans[1]))
    u = (along[:, best].max() + along[:, best].min()) / 2
    v = (across[:, best].max() + across[:, best].min()) / 2
    c, s = float(cosine[best]), float(sine[best])
    return float(u * c - v * s), float(u * s + v * c), float(spans[0][best]), float(spans[1][best]), float(angles[best])


def _hull(points: Array) -> Array:
    """The convex hull (Andrew's monotone chain, 1979)."""
    import numpy as np

    ordered = sorted(set(map(tuple, points.tolist())))
    if len(ordered) < 3:
        return np.array(ordered)

    def half(row: list[tuple[float, float]]) -> list[tuple[float, float]]:
        out: list[tuple[float, float]] = []
        for x, y in row:
            while len(out) > 1 and (out[-1][0] - out[-2][0]) * (y - out[-2][1]) <= (out[-1][1] - out[-2][1]) * (x - out[-2][0]):
                out.pop()
            out.append((x, y))
        return out[:-1]

    return np.array(half(ordered) + half(ordered[::-1]))


def _mean(found: Array, rect: tuple[float, float, float, float, float]) -> float:
    """The mean of the map within a rectangle."""
    import numpy as np

    x, y, w, h, angle = rect
    corners = _corners(x, y, w, h, angle)
    left, top = np.maximum(np.floor(corners.min(axis=0)).astype(int), 0)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int) + 1
    part = found[top:bottom, left:right]
    ys, xs = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
    along = (xs - x) * math.cos(angle) + (ys - y) * math.sin(angle)
    across = (ys - y) * math.cos(angle) - (xs - x) * math.sin(angle)
    inside = (np.abs(along) <= w / 2 + 0.5) & (np.abs(across) <= h / 2 + 0.5)
    return float(part[inside].mean()) if inside.any() else 0.0


def _corners(x: float, y: float, w: float, h: float, angle: float) -> Array:
    import numpy as np

    c, s = math.cos(angle), math.sin(angle)
    half = np.array([(-w / 2, -h / 2), (w / 2, -h / 2), (w / 2, h / 2), (-w / 2, h / 2)])
    return np.stack([x + half[:, 0] * c - half[:, 1] * s, y + half[:, 0] * s + half[:, 1] * c], axis=1)


def _clockwise(corners: Array) -> Array:
    """Corners from the top left, clockwise: the two leftmost first, each pair by height."""
    import numpy as np

    by_x = corners[np.argsort(corners[:, 0], kind="stable")]
    left, right = by_x[:2][np.argsort(by_x[:2, 1])], by_x[2:][np.argsort(by_x[2:, 1])]
    return np.array([left[0], right[0], right[1], left[1]])
