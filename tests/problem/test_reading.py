"""Measured problems from files: three formats, one error for everything that is wrong with them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from riskcalc.errors import InvalidInput
from riskcalc.problem import load_problem

EIGENVALUES = np.array([1.0, 0.25, 0.1, 0.0])
TARGET = np.array([0.5, -2.0, 3.0, 1.0])


def test_npz_with_target(tmp_path: Path) -> None:
    path = tmp_path / "problem.npz"
    np.savez(path, eigenvalues=EIGENVALUES, target=TARGET, labels=np.arange(10))
    problem = load_problem(path, noise="1/10")
    np.testing.assert_array_equal(problem.eigenvalues(), EIGENVALUES)
    np.testing.assert_array_equal(problem.target(), TARGET)
    assert problem.noise == 1 / 10 or float(problem.noise) == 0.1
    assert problem.dimension == 4


def test_npz_with_signal_power_gives_the_coefficients_that_carry_it(tmp_path: Path) -> None:
    path = tmp_path / "problem.NPZ"
    power = np.array([4.0, 1.0, 0.9, 0.0])
    with path.open("wb") as file:
        np.savez_compressed(file, eigenvalues=EIGENVALUES, signal_power=power)
    problem = load_problem(str(path))
    np.testing.assert_allclose(problem.target(), [2.0, 2.0, 3.0, 0.0], rtol=1e-15)
    np.testing.assert_allclose(problem.signal_power(), power, rtol=1e-15)


def test_npy_has_two_columns(tmp_path: Path) -> None:
    path = tmp_path / "problem.npy"
    np.save(path, np.column_stack([EIGENVALUES, TARGET]))
    problem = load_problem(path)
    np.testing.assert_array_equal(problem.eigenvalues(), EIGENVALUES)
    np.testing.assert_array_equal(problem.target(), TARGET)


@pytest.mark.parametrize(
    "text",
    [
        "eigenvalue,target\n1.0,0.5\n0.25,-2\n0.1,3\n0,1\n",
        "\ufefftarget, eigenvalue, index\r\n0.5, 1.0, 1\r\n-2, 2.5e-1, 2\r\n\r\n3, 0.1, 3\r\n1, 0, 4\r\n",
        '# measured on 4 features\n"eigenvalue","target"\n1,0.5\n0.25,-2\n# a remark\n0.1,3\n0,1',
    ],
)
def test_csv_columns_are_found_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "problem.csv"
    path.write_bytes(text.encode())
    problem = load_problem(path)
    np.testing.assert_array_equal(problem.eigenvalues(), EIGENVALUES)
    np.testing.assert_array_equal(problem.target(), TARGET)


def test_csv_with_signal_power(tmp_path: Path) -> None:
    path = tmp_path / "problem.csv"
    path.write_text("eigenvalue,signal_power\n0.25,1\n1e-320,1e-300\n")
    np.testing.assert_allclose(load_problem(path).target(), [2.0, 1e10], rtol=1e-4)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        ("1.0,0.5\n0.25,1\n", "header"),
        ("eigen,target\n1,1\n", "header"),
        ("eigenvalue\n1\n", "one of target, signal_power are needed"),
        ("eigenvalue,target,target\n1,1,1\n", "header"),
        ("eigenvalue,target,signal_power\n1,1,1\n", "both"),
        ("eigenvalue,target\n", "no line of values"),
        ("eigenvalue,target\n1,one\n", "'one' in column target"),
        ("eigenvalue,target\n1,1\n1\n", "line 3"),
        ("eigenvalue,target\n1,nan\n", "nan"),
        ("eigenvalue,target\ninf,1\n", "inf"),
        ("eigenvalue,target\n-1,1\n", "negative"),
        ("eigenvalue,target\n0,1\n", "zero"),
        ("eigenvalue,signal_power\n1,-1\n", "negative"),
        ("eigenvalue,signal_power\n1,1\n0,2\n", "entry 1 has signal power 2.0 but eigenvalue 0"),
        ('eigenvalue,target\n"1,1\n', "cannot read"),
    ],
)
def test_a_csv_file_that_is_wrong_is_refused_with_its_name_and_the_reason(
    tmp_path: Path, text: str, reason: str
) -> None:
    path = tmp_path / "problem.csv"
    path.write_text(text)
    with pytest.raises(InvalidInput, match=r"problem\.csv") as raised:
        load_problem(path)
    assert reason in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"eigenvalues": [1.0]}, "target"),
        ({"target": [1.0]}, "eigenvalues"),
        ({}, "neither"),
        ({"eigenvalues": [1.0], "target": [1.0], "signal_power": [1.0]}, "both"),
        ({"eigenvalues": [1.0, 0.5], "target": [1.0]}, "2 eigenvalues, but 1 entries of target"),
        ({"eigenvalues": [[1.0, 0.5]], "target": [1.0, 1.0]}, "shape (1, 2)"),
        ({"eigenvalues": [1.0, np.nan], "target": [1.0, 1.0]}, "nan"),
        ({"eigenvalues": [1j], "target": [1.0]}, "complex"),
        ({"eigenvalues": ["1.0"], "target": [1.0]}, "real numbers"),
        ({"eigenvalues": np.array([{}], dtype=object), "target": [1.0]}, "plain numbers"),
    ],
)
def test_an_archive_that_is_wrong_is_refused(tmp_path: Path, arrays: dict[str, object], reason: str) -> None:
    path = tmp_path / "problem.npz"
    np.savez(path, allow_pickle=True, **arrays)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match=r"problem\.npz") as raised:
        load_problem(path)
    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "array", [np.ones(3), np.ones((3, 3)), np.ones((0, 2)), np.array([["a", "b"]]), np.ones((2, 2, 2))]
)
def test_an_array_of_another_shape_or_kind_is_refused(tmp_path: Path, array: np.ndarray) -> None:
    path = tmp_path / "problem.npy"
    np.save(path, array)
    with pytest.raises(InvalidInput, match=r"problem\.npy"):
        load_problem(path)


@pytest.mark.parametrize(
    "name", ["missing.csv", "missing.npz", "missing.npy", "problem.txt", "problem", "\0.csv"]
)
def test_files_that_are_not_there_or_of_unknown_kind_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot read a problem"):
        load_problem(tmp_path / name)


@pytest.mark.parametrize("ending", ["csv", "npz", "npy"])
def test_a_folder_is_refused(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / f"problem.{ending}"
    folder.mkdir()
    with pytest.raises(InvalidInput, match="cannot read a problem"):
        load_problem(folder)


def test_one_format_under_the_name_of_another_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.ones((2, 2)))
    np.savez(tmp_path / "archive.npz", eigenvalues=[1.0], target=[1.0])
    (tmp_path / "array.npy").rename(tmp_path / "was_array.npz")
    (tmp_path / "archive.npz").rename(tmp_path / "was_archive.npy")
    for name in ("was_array.npz", "was_archive.npy"):
        with pytest.raises(InvalidInput, match=name):
            load_problem(tmp_path / name)


def test_bad_noise_is_not_blamed_on_the_file(tmp_path: Path) -> None:
    path = tmp_path / "problem.csv"
    path.write_text("eigenvalue,target\n1,1\n")
    with pytest.raises(InvalidInput, match="variance") as raised:
        load_problem(path, noise=-1)
    assert "problem.csv" not in str(raised.value)


def _outcome(ending: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"problem.{ending}"
        path.write_bytes(content)
        try:
            problem = load_problem(path)
        except InvalidInput:
            return
        assert np.isfinite(problem.signal_power()).all()


@settings(deadline=None, max_examples=60)
@given(ending=st.sampled_from(["csv", "npz", "npy"]), content=st.binary(max_size=300))
def test_random_bytes_are_refused_with_the_packages_own_error(ending: str, content: bytes) -> None:
    _outcome(ending, content)


def _whole_file(ending: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"problem.{ending}"
        if ending == "npz":
            np.savez_compressed(path, eigenvalues=EIGENVALUES, target=TARGET)
        elif ending == "npy":
            np.save(path, np.column_stack([EIGENVALUES, TARGET]))
        else:
            path.write_text("eigenvalue,target\n1.0,0.5\n0.25,-2\n")
        return path.read_bytes()


@settings(deadline=None, max_examples=100)
@given(data=st.data(), ending=st.sampled_from(["csv", "npz", "npy"]))
def test_damaged_files_are_read_or_refused_with_the_packages_own_error(
    data: st.DataObject, ending: str
) -> None:
    content = bytearray(_whole_file(ending))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    _outcome(ending, bytes(content[: data.draw(st.integers(0, len(content)))]))


@pytest.mark.parametrize("path", [3, None, b"problem.csv"])
def test_what_is_no_file_name_is_refused(path: object) -> None:
    with pytest.raises(InvalidInput, match="must be the name of a file"):
        load_problem(path)  # type: ignore[arg-type]
