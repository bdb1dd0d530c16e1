"""Home: three networks, one pulse, one slider, and the way to the other pages."""

from figures import recording_heatmaps
from recurrent_core import CELLS
from ui import blocks, cached, controls, page, readouts
from ui.components.live_figure import Words
from ui.session import Session
from ui.text import Text


def picture(here: Session, t: Text) -> None:
    shown = [cached.simulation(here.experiment, network, here.table) for network in CELLS]
    rows = [blocks.input_block(t, shown[0]), *(blocks.memory_block(t, simulation) for simulation in shown)]
    page.figure(
        here,
        "home",
        recording_heatmaps(rows, readouts.heatmap_words(t), ticks=shown[0].signal.ticks, pixels=84),
        compact=recording_heatmaps(rows, readouts.heatmap_words(t), ticks=shown[0].signal.ticks, pixels=54),
        hover={"unit": t("gates.unit")},
        words=Words(readouts.home_sentence(t, shown), (), controls.notices(t, here)),
    )


here, t = page.open_page("home")
page.lead(t("app.what"))
page.stage(here, t, controls.home, picture)
page.cards(t, ("gates", "gradients"))
