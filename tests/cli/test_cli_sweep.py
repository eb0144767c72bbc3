"""`riskcalc sweep`: a grid file read exactly, every mistake in it named by line and key, and how it ends."""

from __future__ import annotations

from fractions import Fraction

import pytest
import xarray

import riskcalc as rc
from riskcalc.cli.grid_file import read_grid
from riskcalc.sweeping import chunk, executors

GRID = """# what is varied
a = 2
b = "17/5"

model-size = [10, 40]
schedule = ["constant",
            "multistep:1/2"]
step_size = 0.3
noise = [0, 0.1, 1e-3]
steps = "0,10"
"""


@pytest.fixture
def grid_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def write(text=GRID, **changed):
        for old, new in changed.values():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / "grid.toml").write_text(text)
        return tmp_path / "grid.toml"

    return write


def test_a_grid_file_is_the_sweep_of_its_words(riskcalc, grid_file, tmp_path):
    grid_file()
    answer = riskcalc("sweep grid.toml --out sweep.nc")
    assert answer.out.strip() == "12 points: 12 answered, 0 refused"
    problem = rc.Problem(spectrum=rc.PowerLaw(a=2), signal=rc.PowerLawSignal(b="17/5"))
    expected = rc.sweep(
        problem,
        model_size=[10, 40],
        schedule=["constant", "multistep:1/2"],
        step_size="3/10",
        noise=[0, "1/10", "1/1000"],
        steps=[0, 10],
    )
    assert xarray.load_dataset("sweep.nc", engine="h5netcdf").identical(expected)


def test_numbers_are_read_exactly(grid_file):
    made = read_grid(str(grid_file()))
    noises = [problem.noise for problem in made.axis("noise").values]
    assert noises == [0, Fraction(1, 10), Fraction(1, 1000)]
    assert all(isinstance(noise, Fraction) for noise in noises)
    assert made.run(0).schedule == rc.Constant("3/10")


def test_every_option_of_a_run_has_its_key(grid_file):
    made = read_grid(
        str(
            grid_file(
                more=(
                    'steps = "0,10"',
                    'steps = [0, 10]\nhorizon = 20\naverage = "iterates"\noptimiser = ["sgd", "heavy-ball:1/2"]\n'
                    'warmup = "1/10"\ndimension = 50\nmethod = "exact"\nseed = 3',
                )
            )
        )
    )
    assert made.shape == (2, 1, 2, 2, 1, 3)
    assert made.axis("schedule").labels[0] == "constant after warm-up 1/10"
    assert (made.horizon, made.averaging, made.method.seed) == (20, rc.IterateAverage(), 3)


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("noise = [", "niose = [", "line 9: there is no key 'niose' (did you mean 'noise'?)"),
        ("noise = [", "noise [", "it is not TOML: Expected '=' after a key in a key/value pair (at line 9, column 7)"),
        ("0.1,", '"O.1",', "line 9: noise must be a number such as 2, 17/5 or 1e-3, not 'O.1'"),
        ("0.1,", "true,", "line 9: noise must be a number or text, not True"),
        ("0.1,", "0.1, 1e-1,", "line 9: noise has 0.1 more than once"),
        ('"constant"', '"cosin"', "line 6, schedule: there is no schedule 'cosin' (did you mean 'cosine'?)"),
        ("step_size = 0.3", "", "line 6, schedule: step_size is missing"),
        ('"multistep:1/2"', '"multistep:1/2,faktor=2"', "line 6, schedule: schedule multistep has no 'faktor'"),
        ("a = 2", "a = [2, 3]", "line 2: a takes one value; lists are for model_size, step_size"),
        ("a = 2", "", "line 3: a is missing beside b"),
        ("model-size = [10, 40]", "", "model_size is missing"),
        ("model-size = [10, 40]", "model-size = []", "line 5: model_size is an empty list"),
        ("a = 2", 'a = 2\nmethod = "exat"', "line 3, method: 'exat' is not one of"),
        ('b = "17/5"', 'b = "1/2"', "line 3: b=1/2 with infinite dimension"),
        ("0.3", "-0.3", "line 8: step_size must be positive"),
        ("a = 2", "[problem]\na = 2", "line 2: there is no key 'problem'"),
        ('steps = "0,10"', 'steps = "0..x"', "line 10: steps must be a number"),
        ("0.3", "zero", "it is not TOML: Invalid value (at line 8, column 13): 'step_size = zero'; text"),
        ("a = 2", 'a = 2\nruns = 3', "line 3: runs has no meaning with method equivalent"),
    ],
)
def test_a_mistake_is_named_by_line_and_key(riskcalc, grid_file, old, new, said):
    grid_file(one=(old, new))
    refusal = riskcalc("sweep grid.toml --out sweep.nc").refusal()
    assert refusal.startswith(f"cannot read the grid file grid.toml: {said}"), refusal


def test_refused_points_are_counted_by_reason(riskcalc, grid_file):
    grid_file(one=("step_size = 0.3", "step_size = [0.3, 9]"))
    lines = riskcalc("sweep grid.toml --out sweep.nc").out.splitlines()
    assert lines[0] == "24 points: 12 answered, 12 refused"
    assert lines[1].split()[:2] == ["3", "unstable:"]


def test_a_dry_run_computes_few_points_and_writes_nothing(riskcalc, grid_file, tmp_path):
    grid_file()
    said = riskcalc("sweep grid.toml --dry-run").out
    assert said.startswith("12 points (2 model_size x 2 schedule x 3 noise), 0 of them kept; about ")
    assert [path.name for path in tmp_path.iterdir()] == ["grid.toml"]


def test_an_interrupt_keeps_what_is_finished(riskcalc, grid_file, monkeypatch):
    grid_file()
    monkeypatch.setattr(chunk, "PATIENCE", 0.0)  # a point a chunk
    asked, left = executors.answered, [4]

    def interrupted(one):
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return asked(one)

    monkeypatch.setattr(executors, "answered", interrupted)
    answer = riskcalc("sweep grid.toml --out sweep.nc")
    assert answer.status == 130
    assert answer.err.startswith("riskcalc: interrupted: ")
    partial = xarray.load_dataset("sweep.nc", engine="h5netcdf")
    assert int((partial.reason == "").sum()) == 3
    assert " 3 of 12 points are finished; they are in sweep.nc" in answer.err
    left[0] = 2
    answer = riskcalc("sweep grid.toml --out again.nc --store kept.sqlite")
    assert (answer.status, answer.err.count("start again to go on")) == (130, 1)


@pytest.mark.parametrize(
    "call, said",
    [
        ("sweep none.toml --out a.nc", "cannot read the grid file none.toml: No such file or directory"),
        ("sweep grid.toml", "--out is missing"),
        ("sweep grid.toml --out a.csv", "cannot write the sweep to a.csv: netCDF is written, so the file must end in"),
        ("sweep grid.toml --out none/a.nc", "cannot write the sweep to none/a.nc: there is no folder"),
        ("sweep grid.toml --out a.nc --workers 0", "--workers must be at least 1"),
        ("sweep grid.toml --out a.nc --workers 2 --dask x", "--workers and --dask are two ways to compute"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything_is_computed(riskcalc, grid_file, monkeypatch, call, said):
    grid_file()
    monkeypatch.setattr(executors, "answered", None)
    assert riskcalc(call).refusal().startswith(said)
