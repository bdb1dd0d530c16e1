"""One unit: folds, fixed points and the wall of Pascanu, Mikolov & Bengio's figures 3 and 6."""

import numpy as np
import pytest

from recurrent_core.analysis import one_unit


def test_folds():
    assert one_unit.folds(5) == pytest.approx((-2.65561, -2.34439), abs=5e-6)
    assert one_unit.folds(4) is None


@pytest.mark.parametrize(
    ("w", "b", "count"), [(5, -2.7, 1), (5, -2.5, 3), (5, -2.3, 1), (3, -1, 1), (-6, 2, 1)]
)
def test_fixed_points(w, b, count):
    points = one_unit.fixed_points(w, b)
    assert len(points) == count
    np.testing.assert_allclose(points, w / (1 + np.exp(-points)) + b, atol=1e-12)


def test_wall():
    walls = [one_unit.wall(w) for w in (5, 5.5, 6)]
    assert walls == pytest.approx([-2.6123, -2.9235, -3.2348], abs=5e-5)
    for w, b in zip((5, 5.5, 6), walls, strict=True):
        found = one_unit.error(w, b + np.array([-1e-4, 1e-4]))
        assert found.value[0] > 10 * found.value[1]
        assert np.abs(one_unit.error(w, b + 1e-6 * np.array([-1, 1])).by_b).max() > 100
        assert np.abs(one_unit.error(w, b + 0.5).by_b) < 1


def test_derivatives_of_the_error():
    w, b = np.meshgrid([2.0, 4.5, 6.0], [-3.0, -2.0])
    found, step = one_unit.error(w, b), 1e-6
    for derivative, dw, db in ((found.by_w, step, 0), (found.by_b, 0, step)):
        ends = [one_unit.error(w + s * dw, b + s * db).value for s in (1, -1)]
        np.testing.assert_allclose(derivative, (ends[0] - ends[1]) / (2 * step), rtol=1e-5, atol=1e-8)
