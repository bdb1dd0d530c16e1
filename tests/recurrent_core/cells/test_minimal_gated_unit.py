"""The worked example of docs/adding_a_cell.md. conftest.py puts it through every test of cells as well."""

import math
import re

import numpy as np
import pytest
from samples import ADDING_A_CELL, DOCUMENTED, TABLE, documented_source, make_sample

import recurrent_core as rc

MGU = DOCUMENTED.MGU
TEXT = ADDING_A_CELL.read_text("utf-8")


def test_the_documents_cell_is_in_the_table_of_tests():
    assert "mgu" in TABLE and set(rc.ALL_CELLS) <= set(TABLE)


def test_longhand():
    """One unit, with Python's own floats."""
    weights = {"z": (0.5, 0.1, 1.0), "n": (0.7, 0.9, 0.2)}
    params = MGU.Params(
        **{g: rc.Affine(np.array([[w]]), np.array([[u]]), np.array([b])) for g, (w, u, b) in weights.items()}
    )
    xs, h = [1.0, -2.0, 0.5, 3.0], 0.3
    inputs = np.array(xs).reshape(-1, 1, 1)
    vectors = rc.run(MGU, params, inputs, MGU.State(np.array([[h]]))).vectors
    for t, x in enumerate(xs):
        z = 1 / (1 + math.exp(-(0.5 * x + 0.1 * h + 1.0)))
        n = math.tanh(0.7 * x + 0.9 * (z * h) + 0.2)
        h = (1 - z) * h + z * n
        assert [float(vector[t, 0, 0]) for vector in vectors] == pytest.approx([z, n, h], rel=1e-14)


def test_it_is_a_gru_whose_gates_are_one():
    sample = make_sample(MGU)
    z, n = sample.params
    gru = sample._replace(cell=rc.GRU, params=rc.GRU.Params(z, z, n), initial=rc.GRU.State(*sample.initial))
    np.testing.assert_allclose(sample.run().vectors.h, gru.run().vectors.h, rtol=1e-12, atol=1e-15)


def test_the_lines_of_section_4_run():
    """As the document has them, with the cell in ALL_CELLS, which is the reader's next step."""
    section = TEXT.split("## 4.")[1].split("## 5.")[0]
    lines = re.findall(r"^    (.+)$", section, re.MULTILINE)
    assert len(lines) == 3
    inputs = np.random.default_rng(1).standard_normal((5, 2, 3))

    class Package:
        ALL_CELLS = TABLE
        run = staticmethod(rc.run)

    scope = {"np": np, "rc": Package, "inputs": inputs}
    exec("\n".join(lines), scope)
    assert scope["recording"].vectors.h.shape == (5, 2, 8)
    assert (scope["params"].z.b == -3).all()


def test_equations_in_the_text_are_those_of_the_docstring():
    equations = TEXT.split("equations down\n")[1].split("Row vectors")[0].split()
    assert " ".join(equations) in " ".join(MGU.step.__doc__.split())


def test_the_file_is_one_block_that_imports_neither_other_cells_nor_the_driver():
    assert TEXT.count("```python") == 1
    imports = re.findall(r"^from (\S+) import", documented_source(), re.MULTILINE)
    assert set(imports) == {
        "functools",
        "typing",
        "recurrent_core.arrays",
        "recurrent_core.cell",
        "recurrent_core.cells.graph",
    }


@pytest.mark.parametrize(
    ("slip", "instead"),
    [
        ('dn = dh_on * z\n    da_n = cut("n", dn)', "dn = dh_on * z\n    da_n = dn"),
        (" + dq * state.h", ""),
        (" + dq * z", ""),
        ("dh_on * (1 - z)", "dh_on * z"),
    ],
)
def test_the_finite_differences_notice_a_slip(slip, instead):
    """A promise of the document: each of these makes the gradient wrong by far more than the tests allow."""
    source = documented_source()
    assert slip in source
    scope = {"__name__": "recurrent_core.slip", "__package__": "recurrent_core"}
    exec(source.replace(slip, instead), scope)
    clamps = [rc.Clamp("n", 0.5, 2, 5)]
    sample = make_sample(MGU)
    wrong = MGU._replace(step_back=scope["step_back"])
    gradient = sample._replace(cell=wrong).gradients(clamps).inputs[0, 0, 0]
    ends = []
    for move in (1e-5, -1e-5):
        inputs = sample.inputs.copy()
        inputs[0, 0, 0] += move
        ends.append(sample._replace(inputs=inputs).loss(clamps))
    true = (ends[0] - ends[1]) / 2e-5
    assert sample.gradients(clamps).inputs[0, 0, 0] == pytest.approx(true, rel=1e-6)
    assert abs(gradient - true) > 1e-4 * abs(true)
