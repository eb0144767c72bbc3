"""Eigenvalues of a symmetric matrix and the weights of one vector in its eigenbasis, in a numeric field.

Formula: reflections turn the vector into |c| e_1 and the matrix K into a tridiagonal T; then implicit QL steps with
Wilkinson's shift, applied to the diagonals and to the one row of eigenvectors that enters. The weight of eigenvalue l_i
is (u_i . c)^2. No eigenvector is formed.
Valid: any symmetric matrix; eigenvalues to the working precision relative to the largest one, so that a matrix of
condition 10^k needs k digits more.
Source: G. Golub, J. Welsch, Math. Comp. 23 (1969) 221; B. Parlett, The Symmetric Eigenvalue Problem, ch. 7 and 8; D21.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from riskcalc.errors import ToleranceNotMet
from riskcalc.numeric.field import Element, Field, SymmetricMatrix

_MOST_SWEEPS = 100  # an eigenvalue; three or so are usual


def weighted_eigenvalues(
    field: Field, matrix: SymmetricMatrix, vector: Sequence[Element], *, digits: int
) -> list[tuple[Element, Element]]:
    """(l_i, (u_i . vector)^2), largest first, without radii; within `field.working(digits)` or more."""
    diagonal, beside, length = _tridiagonal(field, matrix, list(vector))
    row = [length] + [field.real(0)] * (len(diagonal) - 1)
    _diagonalise(field, diagonal, beside, row, field.real(Fraction(1, 10**digits)))
    pairs = [(value, field.middle(entry * entry)) for value, entry in zip(diagonal, row, strict=True)]
    return sorted(pairs, key=lambda pair: pair[0], reverse=True)


def _tridiagonal(
    field: Field, matrix: SymmetricMatrix, vector: list[Element]
) -> tuple[list[Element], list[Element], Element]:
    """Diagonal and neighbouring diagonal of T, and |vector|."""
    size = len(vector)
    length, matrix = _reflected(field, matrix, vector, 0)
    diagonal, beside = [], []
    for k in range(size):
        column = matrix.column(k)
        diagonal.append(column[k])
        if k == size - 1:
            break
        below = [field.real(0)] * (k + 1) + column[k + 1 :]
        edge, matrix = _reflected(field, matrix, below, k + 1)
        beside.append(edge)
    return diagonal, beside, length


def _reflected(
    field: Field, matrix: SymmetricMatrix, vector: list[Element], place: int
) -> tuple[Element, SymmetricMatrix]:
    """What the vector, zero before `place`, becomes there, and H K H, for the reflection H that makes it so."""
    length = field.middle(field.sqrt(field.dot(vector, vector)))
    rest = vector[place + 1 :]
    if all(not entry for entry in rest):
        return vector[place], matrix
    image = length if vector[place] < 0 else -length
    normal = list(vector)
    normal[place] = vector[place] - image
    size = field.sqrt(field.dot(normal, normal))
    normal = [field.middle(entry / size) if entry else entry for entry in normal]
    product = matrix.times(normal)
    along = field.dot(product[place:], normal[place:])
    other = [field.real(0)] * place + [
        field.middle(2 * (p - along * n)) for p, n in zip(product[place:], normal[place:], strict=True)
    ]
    return image, matrix.reduced(normal, other)


def _diagonalise(
    field: Field, diagonal: list[Element], beside: list[Element], row: list[Element], tiny: Element
) -> None:
    """Implicit QL steps in place: `diagonal` becomes the eigenvalues, `row` the components along their vectors."""
    size, middle, sqrt = len(diagonal), field.middle, field.sqrt
    edges = [*beside, field.real(0)]
    for first in range(size):
        for _ in range(_MOST_SWEEPS):
            last = first
            while last < size - 1 and not abs(edges[last]) <= tiny * (abs(diagonal[last]) + abs(diagonal[last + 1])):
                last += 1
            if last == first:
                break
            shift = (diagonal[first + 1] - diagonal[first]) / (2 * edges[first])
            root = sqrt(shift * shift + 1)
            bulge = middle(diagonal[last] - diagonal[first] + edges[first] / (shift + (root if shift >= 0 else -root)))
            sine, cosine, moved = field.real(1), field.real(1), field.real(0)
            for i in range(last - 1, first - 1, -1):
                across, along = sine * edges[i], cosine * edges[i]
                length = middle(sqrt(across * across + bulge * bulge))
                edges[i + 1] = length
                if not length:
                    diagonal[i + 1] = middle(diagonal[i + 1] - moved)
                    edges[last] = field.real(0)
                    break
                sine, cosine = middle(across / length), middle(bulge / length)
                before = diagonal[i + 1] - moved
                turn = middle((diagonal[i] - before) * sine + 2 * cosine * along)
                moved = middle(sine * turn)
                diagonal[i + 1] = middle(before + moved)
                bulge = middle(cosine * turn - along)
                row[i], row[i + 1] = (
                    middle(cosine * row[i] - sine * row[i + 1]),
                    middle(sine * row[i] + cosine * row[i + 1]),
                )
            else:
                diagonal[first] = middle(diagonal[first] - moved)
                edges[first] = bulge
                edges[last] = field.real(0)
        else:
            raise ToleranceNotMet(
                "the eigenvalues of the sketched covariance did not converge, as where many of them are zero: "
                "use a sketch whose rows are independent"
            )
