"""Whole phase diagrams derived in process, one for each kind of question.

Run with `pytest benchmarks/bench_diagrams.py`. What a process derives once, the symbolic tables, is done beforehand.
"""

from __future__ import annotations

import pytest
import sympy

from riskcalc.asymptotic.shape import constant, cosine, geometric, polynomial
from riskcalc.scaling import Choice, compute, data, phase_diagram

FREE = compute(step_size=Choice.FREE)
ASKED = {
    "no noise, largest step": {},
    "noise, geometric, largest step": {"noise": 1, "shape": geometric()},
    "noise, cosine, largest step": {"noise": 1, "shape": cosine()},
    "noise, cube, largest step": {"noise": 1, "shape": polynomial(sympy.Integer(3))},
    "noise, cosine, free step": {"noise": 1, "shape": cosine(), "budget": FREE},
    "noise, constant, data": {"noise": 1, "shape": constant(), "budget": data()},
    "noise, geometric, free batch": {
        "noise": 1,
        "shape": geometric(),
        "budget": compute(step_size=Choice.FREE, batch_size=True),
    },
}


@pytest.mark.parametrize("asked", ASKED)
def test_diagram(benchmark, asked):
    words = {**ASKED[asked], "paper_letters": False}
    diagram = benchmark.pedantic(phase_diagram, kwargs=words, rounds=3, warmup_rounds=1)
    assert diagram.phases
