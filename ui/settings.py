"""What a page shows: the settings that only say how, and the whole state of a page, which is its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from recurrent_core import CELLS, SOURCES, Experiment, Field, InputError, Notice, TrainingSettings, address
from recurrent_core.exchange.sources import VARIANTS
from recurrent_core.lab import fields
from recurrent_core.lab.fields import Record, Version, differing, fields_of
from recurrent_core.lab.presets import DEFAULT, start
from ui.words.text import LANGUAGES

STEP_MODES = ("watch", "edit", "backward", "clamp")
TABS = ("far", "why", "directions", "steps", "remedy")
LONGEST_PIN = 16_000  # characters of an address that are read as the pinned settings
PRESETS = {  # by version, what they say of the page; see recurrent_core.lab.presets
    "1": Version(
        {},
        {
            "notebook": {"cursor": 8},
            "second_pulse": {"compare": "gru", "cursor": 35},
            "count": {"compare": "gru"},
            "lstm_grows": {"distance": 90, "cursor": 10},
            "full_cell": {"axis": "absolute"},
            "worked_example": {"cursor": 2},
        },
    )
}


@dataclass(frozen=True)
class ViewSettings(Record):
    """How a page shows what is recorded. Steps and units count from 0; one beyond the last means the last."""

    versions: ClassVar = PRESETS

    compare: str = fields.choice("", "cmp", ("", *CELLS))  # a second network under the first
    distance: int = fields.integer(
        50, "k", 1, 499, within="steps"
    )  # steps back, for the reading on Gradients
    axis: str = fields.choice("relative", "axis", ("relative", "absolute"))
    log: bool = fields.switch(True, "log")
    tab: str = fields.choice("far", "tab", TABS)  # the question that Gradients answers
    horizon: int = fields.integer(50, "hz", 2, 500, 200)  # steps that the biases are chosen for
    clip: float = fields.number(1.0, "clip", 0.1, 10.0)  # threshold of a gradient's norm
    curve: str = fields.choice("memory", "curve", ("memory", "hidden", "input"))
    cursor: int = fields.integer(5, "t", 0, 499, within="steps")
    unit: int = fields.integer(0, "u", 0, 127, within="units")  # whose numbers Step and Saturation show
    step_mode: str = fields.choice("watch", "mode", STEP_MODES)  # what a touch does on Step
    all_rows: bool = fields.switch(False, "rows")
    maps: bool = fields.switch(False, "maps")  # gradients of every vector, square by square
    source: str = fields.choice("pytorch", "src", SOURCES)  # whose equations Conventions shows
    of: str = fields.choice("gru", "of", VARIANTS)  # and of which of its networks
    lecture: bool = fields.switch(False, "lec")  # large type, nothing but the picture


RECORDS: Mapping[str, type[Record]] = {  # by their name in a State, in the order of an address
    "experiment": Experiment,
    "training": TrainingSettings,
    "view": ViewSettings,
}
FIELDS: Mapping[str, Field] = {
    name: declared for kind in RECORDS.values() for name, declared in fields_of(kind).items()
}
HOME = {
    name: record for record, kind in RECORDS.items() for name in fields_of(kind)
}  # of a field: its record
ALWAYS_NAMED = {
    "step"
}  # pages that open with a preset of their own: what goes without saying elsewhere is said


class State(NamedTuple):
    """All that decides about a page. What is not in its address lasts for one answer only."""

    page: str = ""
    preset: str = DEFAULT  # from which the settings started
    experiment: Experiment = Experiment()
    training: TrainingSettings = TrainingSettings()
    view: ViewSettings = ViewSettings()
    lang: str = "en"
    pinned: Experiment | None = None  # shown behind the present settings
    settled: bool = True  # False while a control is being dragged
    narrow: Mapping[str, bool] | None = (
        None  # the figures that are shown in a narrow place; None: not known of any
    )
    notices: tuple[Notice | InputError, ...] = ()  # what could not be taken as it came
    drafts: Mapping[str, str] = MappingProxyType({})  # typed texts that could not be taken, by field

    @property
    def query(self) -> str:
        """The address of exactly these settings, without the question mark."""
        others = {"lang": self.lang}
        if self.pinned is not None:
            others["pin"] = address.write(DEFAULT, self.pinned)
        records = (getattr(self, name) for name in RECORDS)
        return address.write(self.preset, *records, named=self.page in ALWAYS_NAMED, **others)

    @property
    def networks(self) -> tuple[str, ...]:
        """The network, and the second one under it."""
        return tuple(dict.fromkeys(filter(None, (self.experiment.network, self.view.compare))))

    @property
    def differing(self) -> tuple[str, ...]:
        """Names of all fields that differ from the preset."""
        records = (getattr(self, name) for name in RECORDS)
        return tuple(name for one in records for name in differing(one, start(type(one), self.preset)))

    @property
    def changed(self) -> tuple[str, ...]:
        """Those of them that say what is recorded."""
        return differing(self.experiment, start(Experiment, self.preset))

    def get(self, name: str) -> Any:
        """The value of a field, whichever record it is in."""
        return getattr(getattr(self, HOME[name]), name)


@lru_cache(maxsize=64)
def opened(query: str, page: str = "", lang: str = "en") -> State:
    """The state of a page by its query, whatever stands in it; `lang` where it names no language of ours."""
    preset, records, notices, others = address.read(query, *RECORDS.values())
    lang = others["lang"] if others.get("lang") in LANGUAGES else lang
    pinned = address.read(others["pin"][:LONGEST_PIN], Experiment).records[0] if others.get("pin") else None
    settings: dict[str, Any] = dict(zip(RECORDS, records, strict=True))
    return State(page, preset, lang=lang, pinned=pinned, notices=notices, **settings)


def of_preset(state: State, preset: str) -> State:
    """The state with all fields as a preset sets them."""
    settings: dict[str, Any] = {name: start(kind, preset) for name, kind in RECORDS.items()}
    return state._replace(preset=preset, **settings)
