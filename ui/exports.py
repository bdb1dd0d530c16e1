"""What leaves the app as a file: recordings as .npz and CSV, worksheets, the squares of a QR code, and their names."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import segno

from recurrent_core import CELLS, Simulation, address
from recurrent_core.analysis.ledger import ledger
from recurrent_core.lab.presets import DEFAULT
from ui.recordings import cached
from ui.settings import State, opened
from ui.views import VIEWS
from ui.views.step.worksheet import worksheet
from ui.words.text import text

MAX_LINK = 1500  # characters; the squares of a longer link are too small for a camera at the back of a hall
ENDINGS = {"npz": ".npz", "csv": ".csv", "png": ".png", "slide": "-slide.png", "html": ".html"}
ENDINGS |= {"worksheet": "-worksheet.html", "key": "-key.html"}
# A spreadsheet takes a text that begins with one of these for a formula; the wide forms are those of East
# Asian keyboards.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def answer(request: Mapping[str, Any], page: str, query: str) -> dict[str, Any]:
    """What the share menu of a page asked for, of the settings in `query`.

    {"want": "link", "link": ...} gives {"qr": rows}. Each of ENDINGS gives {"name": file name}; with it come
    {"file": bytes} for a recording and for a worksheet and its key, and {"qr": rows} for a slide, which has the code
    on it.

    Raises ValueError for any other request, and InputError where there is no recording of these settings.
    """
    want = request.get("want")
    if want == "link":
        return {"qr": qr_rows(request["link"])}
    if want not in ENDINGS:
        raise ValueError(f"expected a request for link, {', '.join(ENDINGS)}, got {want!r}")
    here = opened(query, page)
    if want in ("worksheet", "key"):
        network = here.experiment.network
        shown, v = cached.simulation(here.experiment, network), here.view
        file = worksheet(text(here.lang), shown, v.cursor, v.unit, want == "key")
        return {"name": file_stem(here, network) + ENDINGS[want], "file": file}
    view = VIEWS.get(page)
    here, names = (view.recorded(here), view.networks(here)) if view else (here, tuple(CELLS))
    named = {"name": file_stem(here, *names) + ENDINGS[want]}
    step = here.view.cursor if page == "gates" else None  # what the memory is made of, as the page shows it
    match want:
        case "npz":
            return named | {"file": recording_npz(_simulations(here, names), step)}
        case "csv":
            return named | {"file": recording_csv(_simulations(here, names), step)}
        case "slide":
            return named | {"qr": qr_rows(request["link"])}
    return named


def _simulations(here: State, names: Sequence[str]) -> dict[str, Simulation]:
    return {name: cached.simulation(here.experiment, name) for name in names}


def file_stem(here: State, *networks: str) -> str:
    """How the files of some settings begin: gatescope-lstm-write_once.

    `networks` are those that are shown; without any, the experiment's own and the one beside it.
    """
    return "-".join(("gatescope", *(networks or here.networks), here.preset))


def recording_npz(simulations: Mapping[str, Simulation], step: int | None = None) -> bytes:
    """Simulations of one input, by name, as a compressed .npz that needs no pickle.

    For a simulation called lstm: lstm.f, lstm.c, ... (time, unit) and lstm.params.f.W (input, unit), .U
    (unit, unit), .b (unit,), with all digits. Of all: inputs (time, input), channels (input,), ticks (time,)
    where the steps have labels, and query, the first one's settings as in a link. Row 0 is t = 1.

    With `step` also lstm.c60 (step, unit), if that is t = 60: what each step up to it wrote of the memory's value
    there, which is their sum.

    Raises ValueError if there is no simulation, or the inputs differ.
    """
    first = _of_one_input(simulations)
    arrays: dict[str, Any] = {
        "query": np.array(address.write(DEFAULT, first.experiment, lang="en")),
        "inputs": first.signal.inputs,
        "channels": np.array(first.signal.channels, dtype=str),
    }
    if first.signal.ticks is not None:
        arrays["ticks"] = np.array(first.signal.ticks, dtype=str)
    for name, simulation in simulations.items():
        recording = simulation.recording
        for letter, vector in recording.vectors._asdict().items():
            arrays[f"{name}.{letter}"] = vector[:, 0]
        arrays |= {f"{name}.{key}": amounts for key, amounts in _made(simulation, step).items()}
        for gate, affine in recording.params._asdict().items():
            for part, array in affine._asdict().items():
                arrays[f"{name}.params.{gate}.{part}"] = array
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def recording_csv(simulations: Mapping[str, Simulation], step: int | None = None) -> bytes:
    """Simulations of one input, by name, as a table of one number per line: network, vector, unit, t, value.

    Vectors go by their letters; units and t count from 1, as on the screen. The inputs come first, under
    network "input", with the channel's name as unit. Numbers have all their digits. UTF-8 with a byte order
    mark, so that Excel shows Korean names; a name that a spreadsheet would take for a formula gets a quote
    before it. With `step` there is also a vector c60, if that is t = 60: at each t what that step wrote of c at 60.

    Raises ValueError if there is no simulation, or the inputs differ.
    """
    signal = _of_one_input(simulations).signal
    text = io.StringIO()
    text.write("\ufeff")
    table = csv.writer(text)
    table.writerow(("network", "vector", "unit", "t", "value"))
    for channel, values in zip(signal.channels, signal.inputs.T.tolist(), strict=True):
        named = f"'{channel}" if channel.startswith(FORMULA) else channel
        table.writerows(("input", "x", named, t, value) for t, value in enumerate(values, 1))
    for name, simulation in simulations.items():
        vectors = simulation.recording.vectors._asdict()
        recorded = {letter: vector[:, 0] for letter, vector in vectors.items()} | _made(simulation, step)
        for letter, vector in recorded.items():
            for unit, values in enumerate(vector.T.tolist(), 1):
                table.writerows((name, letter, unit, t, value) for t, value in enumerate(values, 1))
    return text.getvalue().encode()


def _made(simulation: Simulation, step: int | None) -> dict[str, np.ndarray]:
    """What the memory at a step (or the last one) is made of, under a name such as "c60"; nothing without a ledger."""
    if step is None:
        return {}
    recording = simulation.recording
    step = min(step, len(recording.inputs) - 1)
    found = ledger(recording, step)
    return {} if found is None else {f"{recording.cell.memory}{step + 1}": found.amounts}


def _of_one_input(simulations: Mapping[str, Simulation]) -> Simulation:
    """The first of some simulations that all saw the same input."""
    if not simulations:
        raise ValueError("expected at least one simulation, got none")
    first, *others = simulations.values()
    for other in others:
        if not np.array_equal(other.signal.inputs, first.signal.inputs):
            raise ValueError("expected simulations of one input, got different inputs")
    return first


def qr_rows(link: str) -> list[str]:
    """The QR code of a link, a text of 0 and 1 (dark) per row, without the light border of 4 that it needs.

    Empty for a link of more than MAX_LINK characters, or with characters beyond ASCII, which no link has.
    """
    if not link or len(link) > MAX_LINK or not link.isascii():
        return []
    code = segno.make_qr(link, error="m")
    return ["".join("1" if dark else "0" for dark in row) for row in code.matrix]
