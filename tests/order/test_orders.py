"""Orders of a data set: which samples come next, how they are called, and which runs they allow."""

import numpy as np
import pytest

import riskcalc as rc
from riskcalc.errors import InvalidInput

PROBLEM = rc.Problem(spectrum=rc.PowerLaw(a=2, dimension=50), signal=rc.PowerLawSignal(b=2))


def run_with(data, batch_size=1):
    return rc.Run(
        PROBLEM, model_size=5, schedule=rc.Constant("1/10"), steps=[4], batch_size=batch_size, data=data
    )


def drawn(order, counts):
    rows = order.rows(np.random.default_rng(1), int(order.samples))
    return np.concatenate([rows.take(count) for count in counts])


def test_full_batch_takes_all_samples_in_turn():
    assert drawn(rc.FullBatch(samples=3), [4, 0, 3]).tolist() == [0, 1, 2, 0, 1, 2, 0]
    assert rc.FullBatch(samples=3).seen(1) == 3


def test_each_epoch_is_a_permutation_however_it_is_read():
    once, in_parts = (drawn(rc.Reshuffled(samples=7), counts) for counts in ([28], [3, 5, 0, 13, 7]))
    assert np.array_equal(once, in_parts)
    epochs = once.reshape(4, 7)
    assert (np.sort(epochs, axis=1) == np.arange(7)).all()
    assert len({tuple(epoch) for epoch in epochs.tolist()}) == 4


def test_with_replacement_every_sample_is_drawn_equally_often():
    count = 200_000
    times = np.bincount(drawn(rc.WithReplacement(samples=5), [count // 2, count // 2]), minlength=5)
    assert np.abs((times - count / 5) / np.sqrt(count * 0.2 * 0.8)).max() < 4.5


def test_a_run_says_in_which_order_it_sees_its_data():
    assert run_with(None).data == rc.OnePass()
    asked = run_with(rc.WithReplacement(samples="1e3")).question
    assert asked.data.name == "with-replacement"
    assert asked.data.settings == {"samples": "1000"}
    assert run_with(None).question.data is None


def test_full_batch_has_no_batch_size_in_words():
    from riskcalc.curve.wording import in_one_line, settings, training_sentence

    asked = run_with(rc.FullBatch(samples=30)).question
    for words in (training_sentence(asked), in_one_line(asked)):
        assert "full-batch samples 30" in words
        assert "batch size" not in words
        assert "B=" not in words
    assert "batch_size" not in settings(asked)


@pytest.mark.parametrize(
    ("data", "batch_size", "words"),
    [
        (rc.FullBatch(samples=10), 2, "leave it out"),
        (rc.Reshuffled(samples=10), 3, "divides the number of samples"),
        (10, 1, "FullBatch"),
    ],
)
def test_batches_that_an_order_does_not_know_are_refused(data, batch_size, words):
    with pytest.raises(InvalidInput, match=words):
        run_with(data, batch_size)


@pytest.mark.parametrize("samples", [0, -1, "1/2"])
def test_fewer_than_one_sample_are_refused(samples):
    with pytest.raises(InvalidInput, match="samples must be at least 1"):
        rc.FullBatch(samples=samples)


REFUSING = [rc.Asymptotic(), rc.Exact(digits=20)]


@pytest.mark.parametrize("method", REFUSING, ids=lambda method: type(method).__name__)
def test_roads_that_cannot_do_an_order_say_so_by_name(method):
    with pytest.raises(InvalidInput, match=r"with-replacement|leave digits out"):
        rc.risk(run_with(rc.WithReplacement(samples=10)), method=method)


def test_tuning_and_cross_checks_are_for_fresh_samples():
    run = run_with(rc.FullBatch(samples=10))
    for ask in (rc.tuned_step_size, rc.crosscheck):
        with pytest.raises(InvalidInput, match="full-batch of 10 samples"):
            ask(run)


def test_reshuffled_epochs_have_no_equivalent():
    with pytest.raises(InvalidInput, match=r"reshuffled epochs.*MonteCarlo"):
        rc.risk(run_with(rc.Reshuffled(samples=10)))


@pytest.mark.parametrize("more", [{"optimiser": rc.HeavyBall("1/2")}, {"averaging": rc.IterateAverage()}])
def test_other_methods_of_training_are_refused_on_a_data_set(more):
    run = rc.Run(
        PROBLEM, model_size=5, schedule=rc.Constant("1/10"), steps=[4], data=rc.FullBatch(samples=10), **more
    )
    for method in (rc.Equivalent(), rc.Exact()):
        with pytest.raises(InvalidInput, match=r"MonteCarlo|SGD"):
            rc.risk(run, method=method)
