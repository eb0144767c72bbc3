"""From data to a report: what is prepared, what SGD on the rows does beside the theory, and what is refused."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.agreement.bounds import normal_bound
from riskcalc.dataset import Laplace, prepared
from riskcalc.dataset.exponents import data_exponents
from riskcalc.dataset.phase import data_phase
from riskcalc.errors import InvalidInput, UnstableRun

GENERATOR = np.random.default_rng(0)
FEATURES = GENERATOR.standard_normal((60, 8))
LABELS = FEATURES @ np.arange(8.0) + GENERATOR.standard_normal(60)


def with_value(array, place, value):
    changed = array.copy()
    changed[place] = value
    return changed


QUICK = {"sketches": 2, "runs": 2, "steps": [0, 10], "resamples": 20}


def test_sgd_on_gaussian_rows_agrees_with_the_exact_road():
    generator = np.random.default_rng(1)
    features = generator.standard_normal((1500, 12)) * np.arange(1, 13.0) ** -0.6
    labels = features @ generator.standard_normal((12, 2)) + 0.3 * generator.standard_normal((1500, 2))
    settings = {"standardise": False, "model_size": 6, "steps": [10, 60], "runs": 80, "resamples": 20}
    report = rc.analyse_data((features, labels), **settings)
    curves = report.curves
    assert len(report.rows.outputs) == 2
    assert (curves.gap_error < 0.02).all()
    # eight sketches: Student's t with 7 degrees of freedom, at a level of 1/1000
    assert np.abs(curves.gap / curves.gap_error).max() < 5.4 + normal_bound(0.5, 2)
    # the same sketches with another target are far away
    assert abs(curves.exact.excess[1] / curves.measured.excess[0] - 1) > 0.2


def test_the_report_of_a_bundled_regression():
    report = rc.analyse_data("sklearn:diabetes", kernel=Laplace(), **QUICK)
    text, plain = str(report), report.to_dict()
    assert "sklearn:diabetes: 442 rows, 10 columns" in text
    assert plain["directions"] == 441
    assert sum(plain["eigenvalues"]) == pytest.approx(1)
    assert 0.3 < plain["noise"]["variance"] < 0.7
    assert plain["curves"]["measured"]["risk"][0] == pytest.approx(1)
    assert report.problem.dimension == 441


def test_a_problem_of_several_outputs_is_the_total_of_its_outputs():
    report = rc.analyse_data("sklearn:wine", kernel=Laplace(), **QUICK)
    assert report.rows.outputs == ("0 against the rest", "1 against the rest", "2 against the rest")
    run = report.curves.run
    asked = {"model_size": run.model_size, "schedule": run.schedule, "steps": run.steps}
    each = [rc.risk(rc.Run(one, **asked), method=rc.Equivalent()).risk for one in run.problem.problems]
    total = np.sum(each, axis=0)
    np.testing.assert_allclose(report.curves.equivalent.risk, total, rtol=1e-8)


def test_labels_become_outputs():
    two = ["no", "yes"] * 30
    assert prepared(FEATURES, two).outputs == ("yes against the rest",)
    assert len(prepared(FEATURES, np.arange(60) % 3).outputs) == 3
    assert prepared(FEATURES, np.arange(60) % 3, positive="1").outputs == ("1 against the rest",)
    assert prepared(FEATURES, np.arange(60) % 3, task="regression").outputs == ("label",)
    assert prepared(FEATURES, np.arange(60.0)).outputs == ("label",)
    ready = prepared(FEATURES * 7 + 3, np.column_stack([LABELS, LABELS**2]))
    assert ready.outputs == ("label 1", "label 2")
    np.testing.assert_allclose(ready.features.std(axis=0), 1)
    np.testing.assert_allclose(ready.labels.mean(axis=0), 0, atol=1e-12)
    assert ready.labels.var(axis=0).sum() == pytest.approx(1)


def test_rows_are_drawn_and_constant_columns_left_out():
    widened = np.column_stack([FEATURES, np.full(60, 5.0)])
    ready = prepared(widened, LABELS, rows=40, seed=3)
    assert ready.features.shape == (40, 8)
    assert ready.total_rows == 60
    assert any("1 constant one left out" in note for note in ready.notes)
    assert any("40 of 60 rows" in note for note in ready.notes)


@pytest.mark.parametrize(
    "features, labels, says",
    [
        (FEATURES, np.ones(60), "nothing to learn from a constant target"),
        (FEATURES, ["a"] * 60, "nothing to learn"),
        (np.ones((60, 3)), LABELS, "features are constant"),
        (with_value(FEATURES, (5, 0), np.nan), LABELS, "1 rows are not, the first one row 5"),
        (FEATURES, with_value(LABELS, 7, np.inf), "first one row 7"),
        (FEATURES, LABELS[:50], "one row for each of the 60 rows"),
        (FEATURES[:1], LABELS[:1], "1 rows are too few"),
        (FEATURES[0], LABELS, "shape (rows, columns)"),
        ([["x"] * 2] * 60, LABELS, "features must be real numbers"),
        (FEATURES, [f"name {place}" for place in range(60)], "labels must be real numbers"),
        (FEATURES * 1e120, LABELS, "exceeds 1e100"),
    ],
)
def test_unusable_data(features, labels, says):
    with pytest.raises(InvalidInput) as refused:
        rc.analyse_data((features, labels), **QUICK)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "settings, says",
    [
        ({"model_size": 9}, "model_size 9 exceeds the 8 directions that this kernel has on 60 rows"),
        ({"kernel": 3}, "kernel must be Linear()"),
        ({"level": 2}, "level must be"),
        ({"resamples": 3}, "resamples must be at least 20"),
        ({"task": "ranking"}, "task must be"),
        ({"positive": "7", "task": "regression"}, "no regression"),
        ({"sketches": 1}, "sketches must be at least 2"),
    ],
)
def test_unusable_settings(settings, says):
    with pytest.raises(InvalidInput) as refused:
        rc.analyse_data((FEATURES, LABELS), **(QUICK | settings))
    assert says in str(refused.value)


def test_a_step_too_large():
    """What is finished is not lost, and the step size that is named is the limit of all sketches."""
    with pytest.raises(UnstableRun, match="the largest that is stable") as refused:
        rc.analyse_data((FEATURES, LABELS), **QUICK, step_size=20)
    assert "--combine" not in str(refused.value)
    report, largest = refused.value.partial, refused.value.largest
    assert report.curves is None
    assert report.fits is not None
    assert float(re.search(r"on all being (\S+): give", str(refused.value)).group(1)) <= largest
    pytest.importorskip("matplotlib")
    assert len(rc.plot_data(report).axes) == 1
    assert rc.analyse_data((FEATURES, LABELS), **QUICK, step_size=0.999 * largest).curves is not None
    with pytest.raises(UnstableRun):
        rc.analyse_data((FEATURES, LABELS), **QUICK, step_size=1.001 * largest)


def test_files(tmp_path):
    table = tmp_path / "table.csv"
    rows = [f"{row[0]},{row[1]},{place % 2},{math.sin(place)}" for place, row in enumerate(FEATURES)]
    lines = ["a,b,kind,price", *rows]
    table.write_text("\n".join(lines))
    assert rc.load_data(table).features.shape == (60, 3)
    chosen = rc.load_data(table, label="kind", features="a,b")
    assert chosen.features.shape == (60, 2)
    assert set(chosen.labels) == {0.0, 1.0}
    archive = tmp_path / "images.npz"
    np.savez(archive, data=FEATURES.reshape(60, 2, 4), target=LABELS)
    assert rc.load_data(archive).features.shape == (60, 8)


@pytest.mark.parametrize(
    "scale, says",
    [(1e-3, "a"), (40.0, "unstable")],
)
def test_a_comparison_without_an_answer_goes_alone(scale, says, monkeypatch):
    """Whitened features (a near 0), or a fitted law of a larger trace, took the whole report away."""
    generator = np.random.default_rng(0)
    features = generator.standard_normal((300, 60)) * np.arange(1, 61) ** -0.05
    labels = features @ generator.standard_normal(60)

    def moved(*arguments, **words):
        fits = data_exponents(*arguments, **words)
        term = fits.spectrum.terms[0]
        a = term.exponent * (scale if scale < 1 else 1)
        term = replace(term, exponent=a, coefficient=term.coefficient * (scale if scale > 1 else 1))
        return replace(fits, spectrum=replace(fits.spectrum, terms=(term,)))

    monkeypatch.setattr("riskcalc.dataset.analyse.data_exponents", moved)
    report = rc.analyse_data(
        (features, labels), standardise=False, sketches=2, runs=2, steps=[0, 20], resamples=20
    )
    assert report.curves.power_law is None
    assert report.curves.equivalent is not None
    assert says in report.curves.missing["power_law"]
    assert f"no power law: {report.curves.missing['power_law']}" in str(report)
    assert report.to_dict()["curves"]["missing"].keys() == {"power_law"}
    assert rc.plot_data(report) is not None


def test_the_numbering_of_a_data_frame_is_no_feature(tmp_path):
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((40, 3)).round(3)
    for header, first in ((",x,z,y", 0), ("Unnamed: 0;x;z;y", 0), ("index,x,z,y", 1)):
        separator = ";" if ";" in header else ","
        lines = [header, *(separator.join(map(str, (place + first, *row))) for place, row in enumerate(rows))]
        (tmp_path / "frame.csv").write_text("\n".join(lines))
        loaded = rc.load_data(tmp_path / "frame.csv")
        np.testing.assert_array_equal(loaded.features, rows[:, :2])
        assert "numbers the rows: left out" in loaded.notes[-1]
    assert rc.load_data(tmp_path / "frame.csv", features="index,x").features.shape == (40, 2)
    (tmp_path / "frame.csv").write_text("\n".join(["index,x,z,y", *(f"{2 * i},1,{-i},{i}" for i in range(9))]))
    assert rc.load_data(tmp_path / "frame.csv").features.shape == (9, 3)


def test_a_column_that_counts_the_rows_is_no_feature_whatever_its_name(tmp_path):
    path = tmp_path / "frame.csv"
    path.write_text("\n".join(["x,customer,n.o,y", *(f"{i * i},{1000 + i},{i - 4.0},{i % 3}" for i in range(9))]))
    loaded = rc.load_data(path)
    np.testing.assert_array_equal(loaded.features[:, 0], np.arange(9.0) ** 2)
    assert loaded.features.shape == (9, 1)
    assert loaded.notes == ("column 'customer' numbers the rows: left out", "column 'n.o' numbers the rows: left out")
    assert rc.load_data(path, features="customer,x").features.shape == (9, 2)
    path.write_text("\n".join(["t,y", *(f"{i},{i % 3}" for i in range(9))]))
    assert rc.load_data(path).features.shape == (9, 1)  # a trend alone is what was measured


def test_few_directions_leave_out_the_exponents_alone():
    """Of four features there is no exponent; spectrum, SGD and the roads beside it stand."""
    report = rc.analyse_data("sklearn:iris", sketches=2, runs=2, steps=[0, 20], resamples=20)
    assert report.fits.spectrum is None
    assert report.fits.signal is None
    assert report.phase is None
    assert report.curves.equivalent is not None
    assert "a and b are not determined" in report.curves.missing["power_law"]
    told = str(report)
    assert "a, b:       none: directions 1 to 4 are fewer than 6" in told
    assert "phase:      none, for a and b are not determined" in told
    assert report.to_dict()["a"] is None
    rc.plot_data(report)
    with pytest.raises(InvalidInput, match="directions 1 to 4 are fewer than 6"):
        rc.analyse_data("sklearn:iris", window=(1, 4))


def test_a_flat_spectrum_is_said_to_be_the_reason():
    """The reason given was b <= 1, also where b was larger."""
    steps = np.arange(1.0, 20)
    flat = rc.fit_exponents((steps, steps**-0.5), floor=0)
    steep = rc.fit_exponents((steps, steps**-1.5), floor=0)
    term = replace(flat.terms[0], exponent=-0.01)
    found = data_phase(replace(flat, terms=(term,)), steep)
    assert found.phase is None
    assert "a = 0 is not positive" in found.outside
