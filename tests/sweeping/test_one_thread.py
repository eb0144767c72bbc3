"""Linear algebra has one thread while points are computed, and as many as before afterwards."""

from __future__ import annotations

import os
import subprocess
import sys

import scipy.linalg  # noqa: F401  # loads what is counted
from threadpoolctl import threadpool_info, threadpool_limits

from riskcalc.sweeping import chunk
from riskcalc.sweeping.one_thread import one_thread
from tests.sweeping.small import small


def threads() -> set[int]:
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


def test_points_are_computed_in_one_thread(monkeypatch):
    seen, asked = [], chunk.risk

    def watched(run, *, method):
        seen.append(threads())
        return asked(run, method=method)

    monkeypatch.setattr(chunk, "risk", watched)
    with threadpool_limits(limits=2):
        small()
        assert threads() == {2}
    assert seen == [{1}] * 8


def test_who_leaves_first_does_not_lift_it_under_the_others():
    first, second = one_thread(), one_thread()
    with threadpool_limits(limits=2):
        first.__enter__()
        second.__enter__()
        first.__exit__(None, None, None)
        assert threads() == {1}
        second.__exit__(None, None, None)
        assert threads() == {2}


def test_a_library_that_comes_later_is_held_too():
    """The package loads SciPy when it needs it, and SciPy another library of linear algebra than NumPy's."""
    script = (
        "from riskcalc.sweeping.one_thread import one_thread\n"
        "from threadpoolctl import threadpool_info\n"
        "with one_thread():\n"
        "    import scipy.linalg\n"
        "    print({one['num_threads'] for one in threadpool_info() if one['user_api'] == 'blas'})\n"
    )
    two = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "2")
    environment = {**os.environ, **two, "PYTHONPATH": os.pathsep.join(sys.path)}
    said = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "{1}"
