"""--spectrum FILE: eigenvalues in any order, alone with --b, of any rank."""

from __future__ import annotations

import numpy as np
import pytest

import riskcalc as rc

SIZES = "--model-size 4 --step-size 1/20 --steps 0,10 --json"
LAW = np.arange(1.0, 9.0) ** -2


@pytest.fixture
def shuffled(tmp_path):
    """Files with the same eigenvalues in another order, and no target."""
    order = np.random.default_rng(0).permutation(8)
    np.save(tmp_path / "alone.npy", LAW[order])
    np.savez(tmp_path / "alone.npz", eigenvalues=LAW[order])
    (tmp_path / "alone.csv").write_text(
        "\n".join(["eigenvalue,other", *(f"{value!r},1" for value in LAW[order].tolist())])
    )
    return tmp_path


@pytest.mark.parametrize("ending", ["npy", "npz", "csv"])
def test_eigenvalues_alone_take_their_signal_from_b(riskcalc, shuffled, ending):
    """Power j^-b counts j from the largest eigenvalue: it is the power law of these eigenvalues."""
    answer = riskcalc(f"risk --spectrum {shuffled / f'alone.{ending}'} --b 3 --method exact --seed 1 {SIZES}")
    law = rc.Problem(spectrum=rc.PowerLaw(2, dimension=8), signal=rc.PowerLawSignal(3))
    run = rc.Run(law, model_size=4, schedule=rc.Constant("1/20"), steps=[0, 10])
    np.testing.assert_allclose(
        [float(text) for text in answer.json()["excess"]], rc.risk(run, method=rc.Exact(seed=1)).excess, rtol=1e-9
    )
    assert "--b 3 says the signal" in answer.err
    assert (
        "add a target, or give a signal"
        in riskcalc(f"risk --spectrum {shuffled / f'alone.{ending}'} {SIZES}").refusal()
    )


def test_a_target_in_the_file_gives_way_to_b_and_a_note_says_so(riskcalc, tmp_path):
    np.savez(tmp_path / "both.npz", eigenvalues=LAW, target=np.ones(8))
    own = riskcalc(f"risk --spectrum {tmp_path / 'both.npz'} {SIZES}")
    other = riskcalc(f"risk --spectrum {tmp_path / 'both.npz'} --b 3 {SIZES}")
    assert own.err == ""
    assert "a target in" in other.err
    assert own.json()["excess"] != other.json()["excess"]
    assert "leave --a out" in riskcalc(f"risk --spectrum {tmp_path / 'both.npz'} --a 2 --b 3 {SIZES}").refusal()


@pytest.mark.filterwarnings("default::riskcalc.errors.RoundedToZero")
def test_a_file_of_few_rows_is_answered_at_and_above_its_rank(riskcalc, tmp_path):
    rows = np.random.default_rng(1).normal(size=(4, 9))
    eigenvalues, directions = np.linalg.eigh(rows.T @ rows / 4)
    np.savez(tmp_path / "few.npz", eigenvalues=eigenvalues, target=directions.T @ np.ones(9))
    flags = f"risk --spectrum {tmp_path / 'few.npz'} --step-size 1/40 --steps 0,10 --method exact --json"
    assert riskcalc(f"{flags} --model-size 3").json()["approximation"] != "0"
    for size in (4, 6, 9):
        answer = riskcalc(f"{flags} --model-size {size}")
        assert answer.json()["approximation"] == "0"
        assert "as zero" in answer.err
    equivalent = flags.replace("exact", "equivalent")
    assert "the exact road" in riskcalc(f"{equivalent} --model-size 4").err  # a hard edge at zero, there alone
    assert riskcalc(f"{equivalent} --model-size 6").json()["approximation"] == "0"
