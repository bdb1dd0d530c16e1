"""Each formula of the Step page gives its number, at every place, step and unit, wherever something is held."""

import pytest
from states import state_of

from recurrent_core import Clamp, learning_signal, simulate
from recurrent_core.analysis.anatomy import anatomy
from ui.changes import with_values

CELL = '[data-testid="step-cell"]'
NOISE = state_of("noise", "step", units=3, steps=20, memory=1.0, input_bias=0.0)
HELD = {
    "lstm": (
        Clamp("h", 0.25, 3, 6),
        Clamp("c", 0.5, 8, 10, 1),
        Clamp("f", 0.5, 2, 5),
        Clamp("i", 0.5, 9, 12, 0),
        Clamp("g", -0.5, 9, 12, 1),
        Clamp("o", 1.0, 12, 20, 2),
    ),
    "gru": (
        Clamp("h", 0.25, 3, 6),
        Clamp("z", 0.5, 5, 9, 1),
        Clamp("r", 0.5, 8, 12),
        Clamp("n", -0.5, 11, 20, 0),
    ),
    "rnn": (Clamp("h", 0.25, 3, 6), Clamp("h", -0.5, 15, 20, 1)),
}
# The right side of every formula, from the numbers of its factors, beside the number itself.
ALL_FORMULAS = """async (root) => {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const { origin, product } = await import(loaded.find((name) => name.endsWith("/step_origin.js")));
    const { reading, backward } = root.gatescope;
    const { values, steps, units, inputs } = reading.message;
    const squashes = { tanh: Math.tanh, sigmoid: (a) => 1 / (1 + Math.exp(-a)) };
    const found = [];
    for (const place of Object.keys(values)) {
        for (let step = 0; step < steps; step += 1) {
            for (let unit = 0; unit < (place === "x" ? inputs : units); unit += 1) {
                const ref = { place, step, unit, ...(backward && { gradient: true }) };
                const { terms, squash, note } = origin(reading, ref);
                const sum = terms.reduce((all, term) => all + product(reading, term), 0);
                const right = terms.length ? (squashes[squash] ?? ((a) => a))(sum) : null;
                found.push([place, step, unit, note, right, reading.value(ref)]);
            }
        }
    }
    return found;
}"""


@pytest.mark.parametrize("network", HELD)
@pytest.mark.parametrize("backward", [False, True], ids=["forward", "backward"])
def test_each_formula_gives_its_number_where_places_are_held(visit, network, backward):
    mode = "backward" if backward else "watch"
    here = with_values(NOISE, network=network, clamps=HELD[network], step_mode=mode)
    page = visit(f"/step?{here.query}", picture=False, stay=True)
    page.wait_for_selector(f'{CELL}[data-network="{network}"][data-mode="{mode}"]:not([data-drawn="0"])')
    simulation = simulate(here.experiment)
    opened = anatomy(simulation.recording, learning_signal(simulation) if backward else None)
    numbers = opened.gradients if backward else opened.values
    found = page.locator(CELL).evaluate(ALL_FORMULAS)
    assert len(found) == sum(array.size for array in opened.values.values())
    held = opened.held
    notes = set()
    for place, step, unit, note, right, value in found:
        at = (place, step, unit, note)
        notes.add(note)
        assert value == numbers[place][step, unit], at
        if right is not None:
            assert right == pytest.approx(value, rel=1e-9, abs=1e-15), at
        elif note == "cut":
            assert value == 0, at
            assert any(where[step, unit] for where in held.values()), at
        elif note == "held":
            assert held[place][step, unit], at
        else:
            assert note == ("loss" if backward else "input" if place == "x" else "start"), at
    assert {"cut", "loss"} <= notes if backward else {"held", "input", "start"} <= notes
