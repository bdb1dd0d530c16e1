"""What a page is, for a reader who does not see it: what is here, what can be moved, what to try."""

from collections.abc import Mapping
from typing import NamedTuple

from ui.settings import State
from ui.words.text import Text

# What is said of the present settings; where nothing stands here, nothing is.
NOW = {
    "gates": "shown",
    "gradients.far": "preset",
    "gradients.why": "shown",
    "gradients.directions": "shown",
    "gradients.steps": "preset",
    "gradients.remedy": "preset",
    "step": "shown",
    "saturation": "shown",
    "learning": "learnt",
    "conventions": "source",
}


class Summary(NamedTuple):
    """Plain text of ours: nothing that a reader has typed is in it."""

    title: str
    text: str


def summary(t: Text, here: State) -> Summary:
    """What the page of a state shows, and the settings in force as far as the page lets them be chosen.

    Raises KeyError for a page that we do not have.
    """
    place = f"gradients.{here.view.tab}" if here.page == "gradients" else here.page
    said = [t(f"summary.{place}")]
    if place in NOW:
        said.append(t(f"summary.now.{NOW[place]}", **_settings(t, here)))
    return Summary(t("summary.title"), " ".join(said))


def _settings(t: Text, here: State) -> Mapping[str, str]:
    networks = here.networks if here.page == "gates" else (here.experiment.network,)
    return {
        "networks": t.join([t.choice("network", network) for network in networks]),
        "preset": t(f"presets.{here.preset}.label"),
        "task": t.choice("task", here.training.task),
        "source": t.choice("source", here.view.source),
    }
