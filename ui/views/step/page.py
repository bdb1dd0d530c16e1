"""Step: the network's cell, opened up, with the numbers of one unit at one step."""

import numpy as np

from recurrent_core.analysis.anatomy import anatomy
from recurrent_core.lab.edits import editable
from ui import controls
from ui.parts import Part, Words
from ui.recordings import cached
from ui.settings import FIELDS, State
from ui.views.step import drawing as step
from ui.views.step.drawing import Drawing
from ui.views.view import View
from ui.words.text import Text


def panel(here: State, t: Text) -> list[dict]:
    e = here.experiment
    return [
        controls.preset(t, here),
        controls.segments(t, here, "step_mode"),
        controls.segments(t, here, "network"),
        *([controls.slider(t, here, "unit")] if e.units > 1 else []),
        controls.bar(
            "actions",
            *([controls.button("edits_reset", t("step.edits_reset", count=len(e.edits)))] if e.edits else []),
            *controls.actions(t, here)["items"],
        ),
        controls.more(
            t,
            here,
            [*controls.inputs(t, here), *controls.weights(t, here), *controls.clamps(t, here)],
        ),
        controls.notes(t, here),
    ]


def networks(here: State) -> tuple[str, ...]:
    return (here.experiment.network,)


def parts(here: State, t: Text) -> list[Part]:
    """The chosen network with all its steps."""
    e, view = here.experiment, here.view
    shown = cached.simulation(e, e.network)
    gradients = cached.gradients(e, e.network) if view.step_mode == "backward" else None
    opened = anatomy(shown.recording, gradients)
    steps, units = opened.values["h"].shape
    unit = min(view.unit, units - 1)
    cell = shown.recording.cell
    whole = step.whole(cell)
    sent = step.window(opened, unit, whole)
    notices: tuple[str, ...] = ()
    if sent.stop - sent.start < units:
        notices = (t("step.window", first=sent.start + 1, last=sent.stop, count=units),)
    drawing = Drawing(
        network=e.network,
        letter=cell.letter,
        label=cell.label,
        step=min(view.cursor, steps - 1),
        unit=unit,
        mode=view.step_mode,
        steps=steps,
        units=units,
        inputs=shown.signal.inputs.shape[1],
        channels=shown.signal.channels,
        ticks=shown.signal.ticks,
        first=sent.start,
        values=step.cut(opened.values, sent, whole),
        gradients=opened.gradients and step.cut(opened.gradients, sent, ("x",)),
        params={
            gate: {part: np.atleast_2d(array)[:, sent] for part, array in affine._asdict().items()}
            for gate, affine in shown.recording.params._asdict().items()
        },
        graph=step.graph_of(cell),
        colours=step.colours_of(cell),
        clamped=step.clamped(cell),
        held=step.cut(opened.held, sent),
        ranges=step.ranges(shown, opened),
        editable=editable(units, shown.signal.inputs.shape[1]),
        edited=tuple(edit.name for edit in e.edits if edit.name.startswith(cell.letter)),
        edits=step.edits_text(e),
        data=step.inputs_text(shown),
        short={name: FIELDS[name].short for name in step.KEPT},
        words=words(t, e.network),
    )
    return [Part("drawing", "step", step.body(drawing), words=Words(notices=notices))]


def words(t: Text, network: str) -> dict[str, str]:
    """All that the drawing says, by key."""
    of: tuple[str, ...] = (
        "step.ui.",
        f"step.sentence.{network}.",
        "step.why.affine.",
        f"step.why.{network}.",
    )
    of += (f"vectors.{network}.", "step.held", "step.title", "step.start")
    return {key: word for key, word in t.words.items() if key.startswith(of)}


VIEW = View(panel, parts, networks, figures=False)
