"""The picture of an optimal schedule holds what it says."""

from __future__ import annotations

import numpy as np
import pytest

from riskcalc import Constant, Cosine, PowerLaw, PowerLawSignal, Problem, Unsketched, optimal_schedule
from riskcalc.errors import InvalidInput
from riskcalc.plotting import plot_optimal_schedule


@pytest.fixture(scope="module")
def found():
    problem = Problem(spectrum=PowerLaw(a=2, dimension=50), signal=PowerLawSignal(b=2), noise=1)
    return optimal_schedule(problem, model_size=50, horizon=40, method=Unsketched(), named=[Constant(1), Cosine(1)])


def test_the_optimum_the_named_schedules_and_the_bound_are_drawn(found):
    (ax,) = plot_optimal_schedule(found).axes
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert [word.partition(":")[0] for word in words] == ["cosine", "constant", "optimal", "largest step size allowed"]
    optimum = ax.get_lines()[2].get_ydata()
    assert ax.get_title(loc="left").endswith("$N = 40$")
    positive = found.schedule.values > 0
    np.testing.assert_allclose(optimum[positive], found.schedule.values[positive])
    assert ax.get_lines()[3].get_ydata()[0] == pytest.approx(found.largest)


def test_only_as_many_named_schedules_as_asked(found):
    (ax,) = plot_optimal_schedule(found, shown=0).axes
    assert len(ax.get_lines()) == 2
    with pytest.raises(InvalidInput, match="shown goes from"):
        plot_optimal_schedule(found, shown=9)


def test_anything_else_is_refused():
    with pytest.raises(InvalidInput, match="must be an OptimalSchedule"):
        plot_optimal_schedule([0.1, 0.2])
