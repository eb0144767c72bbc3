"""A contour whose modes miss a sum rule by more than its tolerance of 1e-9 is refused."""

from __future__ import annotations

from functools import partial

import pytest

from riskcalc import PowerLaw, PowerLawSignal, Problem
from riskcalc.errors import ConsistencyError
from riskcalc.spectral.contour_modes import modes_in_u, modes_in_z
from riskcalc.spectral.landmarks import landmarks
from riskcalc.spectral.of_problem import spectral_sums


@pytest.mark.parametrize(
    "digits, refused", [(16.0, False), (5.0, True)], ids=["nodes for sixteen digits", "nodes for five"]
)
def test_too_few_nodes_are_noticed(digits, refused):
    sums = spectral_sums(Problem(spectrum=PowerLaw(a=2), signal=PowerLawSignal(b="5/2")))
    marks = landmarks(sums, 100.0)
    lens = partial(modes_in_z, limit=(1 + 1e-6) * marks.largest)
    for contour in (modes_in_u, modes_in_z, lens):
        if refused:
            with pytest.raises(ConsistencyError, match="sum rule"):
                contour(sums, 100.0, marks, height=0.4, digits=digits)
        else:
            contour(sums, 100.0, marks, height=0.4, digits=digits)
