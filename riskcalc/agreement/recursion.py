"""The second-moment recursion as it is written on paper: the slow twin of the exact road, and of its wrong versions.

Formula: s_i(t+1) = q_i s_i(t) + (gamma_t^2/B) l_i (E(t) + sigma2), q_i = 1 - 2 gamma_t l_i + gamma_t^2 (1 + 1/B) l_i^2,
E(t) = approximation + sum_i l_i s_i(t). Source: D01.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Literal

import numpy as np

from riskcalc.dynamics import Modes
from riskcalc.errors import InvalidInput
from riskcalc.quantity import Real


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The terms of the recursion that a negative control leaves out one at a time: 1 is right, 0 leaves one out.

    square: gamma^2 (1 + 1/B) l^2 of q; without it steps are infinitesimal. What drives the noise of the samples:
    feedback, the error that is still to be learnt; approximation, what the features cannot express; label_noise.
    """

    square: float = 1.0
    feedback: float = 1.0
    approximation: float = 1.0
    label_noise: float = 1.0

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of the terms that are left out."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) == 0)


EVERY_TERM = Terms()


def without(term: Literal["square", "feedback", "approximation", "label_noise"]) -> Terms:
    """Every term but one.

    >>> without("feedback").left_out
    ('feedback',)
    """
    if term not in {each.name for each in fields(Terms)}:
        raise InvalidInput(f"{term!r} is no term of the recursion: {', '.join(each.name for each in fields(Terms))}")
    return replace(EVERY_TERM, **{term: 0.0})


def recursion(
    modes: Modes, step_sizes: Real, *, batch_size: int, noise: float, terms: Terms = EVERY_TERM
) -> Real:
    """Second moments s_i after 0, 1, ..., len(step_sizes) steps, shape (steps + 1, M); modes: real."""
    eigenvalues = np.real(modes.position)
    moments = np.real(modes.signal) / eigenvalues
    approximation, label_noise = terms.approximation * modes.floor, terms.label_noise * noise
    found = [moments]
    for gamma in step_sizes:
        square = gamma**2 * (1 + 1 / batch_size) * eigenvalues**2
        q = 1 - 2 * gamma * eigenvalues + terms.square * square
        drive = approximation + terms.feedback * (eigenvalues @ moments) + label_noise
        moments = q * moments + gamma**2 / batch_size * eigenvalues * drive
        found.append(moments)
    return np.array(found)
