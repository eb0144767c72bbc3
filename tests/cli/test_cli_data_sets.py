"""A data set at the command line: --samples and --order, the training loss in table and JSON, refusals in one line."""



import pytest

BASE = ["risk", "--a", "2", "--b", "3/2", "--noise", "0.1", "--model-size", "50", "--step-size", "0.2"]


def test_training_stands_in_json_and_in_the_table(riskcalc):
    asked = [*BASE, "--steps", "0,10,100", "--samples", "30", "--order", "full-batch"]
    read = riskcalc(*asked, "--json").json()
    assert read["problem"]["data"] == {"name": "full-batch", "samples": "30"}
    assert len(read["training"]) == 3
    assert float(read["training"][0]) == pytest.approx(float(read["risk"][0]), rel=1e-12)
    assert float(read["training"][2]) < float(read["risk"][2])
    table = riskcalc(*asked).out
    assert "training" in table
    assert "full-batch samples 30" in table
    assert "batch size" not in table


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--samples", "30"], "needs --order"),
        (["--order", "full-batch"], "needs --samples"),
        (["--order", "shuffled", "--samples", "30"], "--order must be one of full-batch"),
        (["--order", "reshuffled", "--samples", "30"], "MonteCarlo"),
        (["--order", "full-batch", "--samples", "30", "--batch-size", "4"], "leave it out"),
        (["--order", "with-replacement", "--samples", "0"], "at least 1"),
        (["--order", "with-replacement", "--samples", "30", "--method", "asymptotic"], "with-replacement"),
    ],
)
def test_bad_input_is_one_line(riskcalc, flags, words):
    assert words in riskcalc(*BASE, "--steps", "10", *flags).refusal()


def test_reshuffled_epochs_are_simulated(riskcalc):
    asked = [*BASE, "--dimension", "100", "--steps", "0,60", "--samples", "30", "--order", "reshuffled"]
    read = riskcalc(*asked, "--method", "montecarlo", "--runs", "20", "--json").json()
    assert float(read["training"][1]) < float(read["training"][0])
