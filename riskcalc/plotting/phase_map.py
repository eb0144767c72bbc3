"""A phase diagram as numbers on a grid: which phase, what loss exponent, where the boundaries run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from riskcalc.quantity import Array, Real

if TYPE_CHECKING:
    import sympy

    from riskcalc.scaling import PhaseDiagram

Window = tuple[float, float, float, float]  # first letter from, to; second letter from, to

_OUTSIDE = -1
_OFF = 1e-7
_LINES = 241  # points a side of the grid on which curves are followed


@dataclass(frozen=True, kw_only=True, eq=False)
class PhaseMap:
    """x, y: the grid; phase: the number of the phase, -1 outside; loss: the loss exponent, nan outside."""

    diagram: PhaseDiagram
    window: Window
    x: Real
    y: Real
    phase: NDArray[np.int64]
    loss: Real


def phase_map(diagram: PhaseDiagram, *, window: Window, points: int) -> PhaseMap:
    """The diagram on a grid of points by points cell centres."""
    left, right, bottom, top = window
    centres = (np.arange(points) + 0.5) / points
    # a little off, so that no point lies on a boundary, where no phase is
    x, y = np.meshgrid(left + centres * (right - left), bottom + (centres + _OFF) * (top - bottom))
    phase = phases_at(diagram, x, y)
    loss = np.full(x.shape, np.nan)
    for number, one in enumerate(diagram.phases):
        inside = phase == number
        loss[inside] = _values(diagram, one.loss_exponent, x[inside], y[inside])
    return PhaseMap(diagram=diagram, window=window, x=x, y=y, phase=phase, loss=loss)


def phases_at(diagram: PhaseDiagram, x: Real, y: Real) -> NDArray[np.int64]:
    """The number of the phase at each point, -1 outside the domain."""
    found = np.full(np.shape(x), _OUTSIDE)
    inside = _values(diagram, diagram.domain, x, y).astype(bool)
    for number, one in enumerate(diagram.phases):
        found[_values(diagram, one.region, x, y).astype(bool) & inside] = number
    return found


def boundary_lines(drawn: PhaseMap) -> list[tuple[str, list[Real]]]:
    """Each boundary's label and its pieces, shape (points, 2), where the phases on its sides do differ."""
    found = []
    for border in drawn.diagram.boundaries:
        lines = _curve(drawn, border.expression)
        pieces = [piece for line in lines for piece in _parts(line, _phases_differ(drawn, line))]
        if pieces:
            found.append((border.latex(), pieces))
    return found


def domain_edges(drawn: PhaseMap) -> list[Real]:
    """The curves on which the domain ends, where it does."""
    from sympy.core.relational import Relational

    relations = drawn.diagram.domain.atoms(Relational)
    lines = [line for relation in relations for line in _curve(drawn, relation.lhs - relation.rhs)]
    return [piece for line in lines for piece in _parts(line, _one_side_only(drawn, line))]


def _curve(drawn: PhaseMap, expression: sympy.Expr) -> list[Real]:
    """Where an expression vanishes inside the window."""
    import contourpy

    left, right, bottom, top = drawn.window
    x, y = np.meshgrid(np.linspace(left, right, _LINES), np.linspace(bottom, top, _LINES))
    heights = _values(drawn.diagram, expression, x, y).astype(float)
    lines = contourpy.contour_generator(x, y, heights, line_type="Separate").lines(0.0)
    return [np.asarray(line) for line in lines]


def _values(diagram: PhaseDiagram, expression: sympy.Basic, x: Real, y: Real) -> Array:
    """An expression in the diagram's letters, at points."""
    from sympy import lambdify

    return np.broadcast_to(np.asarray(lambdify(diagram.letters, expression, "numpy")(x, y)), np.shape(x))


def _phases_differ(drawn: PhaseMap, line: Real) -> NDArray[np.bool_]:
    """Between which points of a line two different phases lie beside it."""
    left, right = _beside(drawn, line)
    return np.asarray((left != right) & (left != _OUTSIDE) & (right != _OUTSIDE))


def _one_side_only(drawn: PhaseMap, line: Real) -> NDArray[np.bool_]:
    """Between which points of a line the domain lies on one side of it."""
    left, right = _beside(drawn, line)
    return np.asarray((left == _OUTSIDE) != (right == _OUTSIDE))


def _beside(drawn: PhaseMap, line: Real) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The phases on both sides of each piece of a line."""
    left, right, bottom, top = drawn.window
    reach = 2e-4 * max(right - left, top - bottom)
    middle, along = (line[1:] + line[:-1]) / 2, line[1:] - line[:-1]
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal = reach * normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-300)
    return phases_at(drawn.diagram, *(middle + normal).T), phases_at(drawn.diagram, *(middle - normal).T)


def _parts(line: Real, kept: NDArray[np.bool_]) -> list[Real]:
    """The stretches of a line whose pieces are kept."""
    pieces, start = [], None
    for place, here in enumerate([*kept, False]):
        if here and start is None:
            start = place
        if not here and start is not None:
            pieces.append(line[start : place + 1])
            start = None
    return pieces
