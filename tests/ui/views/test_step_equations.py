"""A step's equations, written from the table of places, are those that a textbook has."""

import pytest

from recurrent_core import ALL_CELLS
from ui.views.step.equations import PHASES, backward, captions, drawn, forward, parameters, phases, symbols

cells = pytest.mark.parametrize("cell", ALL_CELLS.values(), ids=ALL_CELLS)
GATES = {gate: f"{gate}_t=σ(x_tW_{gate}+h_t−1U_{gate}+b_{gate})" for gate in "fiozr"}
AVERAGE = "h_t=(1−z_t)⊙h_t−1+z_t⊙n_t"
BY_AVERAGE = ["∂n_t=∂h_t⊙z_t", "∂z_t=∂h_t⊙(n_t−h_t−1)"]
CANDIDATE = "g_t=tanh(x_tW_g+h_t−1U_g+b_g)"
STATES = ["c_t=f_t⊙c_t−1+i_t⊙g_t", "h_t=o_t⊙tanh(c_t)"]
BY_GATES = ["∂f_t=∂c_t⊙c_t−1", "∂i_t=∂c_t⊙g_t , ∂g_t=∂c_t⊙i_t", "∂h_t−1=Σ_k∂a_kUᵀ_k"]
FORWARD = {
    "rnn": ["h_t=tanh(x_tW_h+h_t−1U_h+b_h)"],
    "lstm": [GATES["f"], GATES["i"], CANDIDATE, GATES["o"], *STATES],
    "gru": [GATES["z"], GATES["r"], "n_t=tanh(x_tW_n+(r_t⊙h_t−1)U_n+b_n)", AVERAGE],
    "gru_after": [GATES["z"], GATES["r"], "n_t=tanh(x_tW_n+b_n+r_t⊙(h_t−1U_n+b_hn))", AVERAGE],
    "lstm_peephole": [
        GATES["f"][:-1] + "+p_f⊙c_t−1)",
        GATES["i"][:-1] + "+p_i⊙c_t−1)",
        CANDIDATE,
        GATES["o"][:-1] + "+p_o⊙c_t)",
        *STATES,
    ],
}
BACKWARD = {
    "rnn": ["∂a_t=∂h_t⊙(1−h²_t)", "∂h_t−1=∂a_tUᵀ"],
    "lstm": [
        "∂o_t=∂h_t⊙tanh(c_t)",
        "∂c_t=∂h_t⊙o_t⊙(1−tanh²c_t)+∂c_t←t+1",
        "∂c_t−1=∂c_t⊙f_t",
        *BY_GATES,
    ],
    "gru": [
        *BY_AVERAGE,
        "∂r_t=∂a_nUᵀ_n⊙h_t−1",
        "∂h_t−1=∂h_t⊙(1−z_t)+∂a_nUᵀ_n⊙r_t+Σ_r, z∂a_kUᵀ_k",
    ],
    "gru_after": [
        *BY_AVERAGE,
        "∂r_t=∂a_n⊙(h_t−1U_n+b_hn)",
        "∂h_t−1=∂h_t⊙(1−z_t)+(∂a_n⊙r_t)Uᵀ_n+Σ_r, z∂a_kUᵀ_k",
    ],
    "lstm_peephole": [
        "∂o_t=∂h_t⊙tanh(c_t)",
        "∂c_t=∂h_t⊙o_t⊙(1−tanh²c_t)+∂a_o⊙p_o+∂c_t←t+1",
        "∂c_t−1=∂c_t⊙f_t+∂a_f⊙p_f+∂a_i⊙p_i",
        *BY_GATES,
    ],
}


def read(parts) -> str:
    """An equation as a line of text, what stands below behind an underscore."""
    if isinstance(parts, str):
        return parts
    if isinstance(parts[0], list):
        return "".join(map(read, parts[0]))
    return parts[0] + (f"_{parts[1]}" if parts[1] else "")


def places_of(parts) -> set[str]:
    """All places to which symbols and groups of an equation lead."""
    if isinstance(parts, str):
        return set()
    if isinstance(parts[0], list):
        return {parts[1], *(place for part in parts[0] for place in places_of(part))}
    return {parts[2]}


@cells
def test_the_step_and_the_way_back(cell):
    assert ["".join(map(read, line)) for line in forward(cell)] == FORWARD[cell.name]
    assert ["".join(map(read, line)) for line in backward(cell)] == BACKWARD[cell.name]


@cells
def test_every_symbol_leads_to_a_number_of_the_drawing(cell):
    known = {"x", *(f"{name}_before" for name in cell.State._fields), *(place.name for place in cell.graph)}
    known |= set(parameters(cell))
    ahead = {"", *(f"{name}_next" for name in cell.State._fields)}
    forward_places = {place for line in forward(cell) for part in line for place in places_of(part)}
    assert known - {"a_" + gate for gate in cell.gates} <= forward_places | {"x"} and forward_places <= known
    assert {place for line in backward(cell) for part in line for place in places_of(part)} <= known | ahead


@cells
def test_places_have_a_symbol_a_caption_and_a_part_of_the_step(cell):
    names = {place.name for place in cell.graph}
    assert names <= symbols(cell).keys() and names | set(parameters(cell)) <= captions(cell).keys()
    assert phases(cell).keys() == names and set(phases(cell).values()) <= set(range(len(PHASES)))


def test_gates_are_drawn_in_the_order_of_what_they_do():
    assert drawn(ALL_CELLS["lstm"]) == drawn(ALL_CELLS["lstm_peephole"]) == ("f", "i", "g", "o")
    assert drawn(ALL_CELLS["gru"]) == drawn(ALL_CELLS["gru_after"]) == ("z", "r", "n")
