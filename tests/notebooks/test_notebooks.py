"""The notebooks run as they are kept, and what is kept of their output can be shown to a reader."""

from __future__ import annotations

import ast
import base64
import re
from copy import deepcopy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PICTURES = {
    "01_first_curve": 4,
    "02_real_data": 4,
    "03_exponents": 1,
    "04_phase_diagram": 2,
    "05_compute_optimal": 1,
    "06_precision": 1,
    "07_lin2024": 2,
    "08_schedules": 3,
    "09_multiple_outputs": 2,
    "10_kernels": 3,
    "11_your_data": 2,
    "12_training_logs": 1,
    "13_one_sketch": 2,
    "14_many_passes": 2,
    "15_momentum": 2,
    "16_floor_and_duality": 2,
}

CELL_LIMIT = 300  # seconds; against hanging, not a measurement
LARGEST_FILE = 300_000  # bytes
PLACES_OF_ONE_MACHINE = re.compile(r"/tmp/|/home/|/root/|/Users/|/usr/|site-packages|[A-Z]:\\")


def executed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with fresh outputs; the kernel starts in the root of the project and imports the package there."""
    fresh = deepcopy(notebook)
    for cell in code_cells(fresh):
        cell.outputs, cell.execution_count = [], None
    place = {"metadata": {"path": str(ROOT)}}
    NotebookClient(fresh, timeout=CELL_LIMIT, kernel_name="python3", resources=place).execute()
    return fresh


def code_cells(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def pictures(cell: nbformat.NotebookNode) -> list[bytes]:
    data = (output.get("data", {}) for output in cell.outputs)
    return [base64.b64decode(kinds["image/png"]) for kinds in data if "image/png" in kinds]


BAR = re.compile(r"^\r *\d+%\||^\s*$")  # of what takes more than two seconds on this machine


def complaints(notebook: nbformat.NotebookNode) -> list[str]:
    """Errors, and what was written to standard error but for bars of progress: warnings."""
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    told = [one for one in outputs if one.get("name") == "stderr" and not BAR.search(one.text)]
    return [str(output) for output in (*told, *(one for one in outputs if one.output_type == "error"))]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


@pytest.fixture
def kept(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)


@pytest.fixture
def away_from_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Kernels leave history and connection files; they are to leave them here."""
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))


def test_all_notebooks_are_here():
    assert {path.stem for path in NOTEBOOKS} == set(PICTURES)


@pytest.mark.slow  # a quarter to half a minute each; `.ci/run` runs them every time
@pytest.mark.usefixtures("away_from_home")
@pytest.mark.parametrize("name", PICTURES)
def test_it_runs_and_draws_what_is_kept(name):
    kept = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    fresh = executed(kept)
    assert not complaints(fresh)
    drawn = [len(pictures(cell)) for cell in code_cells(fresh)]
    assert drawn == [len(pictures(cell)) for cell in code_cells(kept)]


@pytest.mark.slow
@pytest.mark.usefixtures("away_from_home")
def test_a_failing_cell_fails_the_test():
    cells = [nbformat.v4.new_code_cell("import riskcalc"), nbformat.v4.new_code_cell("assert not riskcalc.risk")]
    with pytest.raises(CellExecutionError, match="assert not"):
        executed(nbformat.v4.new_notebook(cells=cells))


def test_its_outputs_are_kept(path, kept):
    cells = code_cells(kept)
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert not complaints(kept)
    found = [picture for cell in cells for picture in pictures(cell)]
    assert len(found) == PICTURES[path.stem]
    assert all(picture.startswith(b"\x89PNG") and len(picture) > 5_000 for picture in found)


def test_it_ends_in_an_assertion(kept):
    assert kept.cells[-1].cell_type == "code"
    statements = ast.parse(kept.cells[-1].source).body
    assert isinstance(statements[-1], ast.Assert)


def test_it_can_be_published(path, kept):
    nbformat.validate(kept)
    assert path.stat().st_size < LARGEST_FILE
    assert set(kept.metadata) == {"kernelspec", "language_info"}
    texts = [cell.source for cell in kept.cells]
    for output in (output for cell in code_cells(kept) for output in cell.outputs):
        texts += [output.get("text", ""), output.get("data", {}).get("text/plain", "")]
    assert not [text for text in texts if PLACES_OF_ONE_MACHINE.search(text)]
