"""The controls of a page, as items for live_controls: what is declared beside the fields, in the reader's language.

The first screen has few of them: preset, network, Memory and one more. All the rest is under "More settings", whose
badge says how many values differ from the preset.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from recurrent_core import CELLS, InputError
from recurrent_core.lab import presets
from recurrent_core.lab.experiment import fields_in_use
from recurrent_core.lab.fields import clamped_range
from recurrent_core.lab.simulate import limits
from recurrent_core.tables import MAX_BYTES, MAX_CHARACTERS
from ui.parts import still
from ui.recordings.shelf import SHELF
from ui.settings import FIELDS, State
from ui.words import numbers, sentences
from ui.words.text import Text, text

INPUT = (
    "signal",
    "pulse_at",
    "second_at",
    "period",
    "noise_sd",
    "steps",
    "ticker",
    "standardise",
    "text",
    "data",
)
WEIGHTS = ("wiring", "units", "recurrent", "seed", "match")
BIASES = ("forget_bias", "update_bias", "input_bias", "output_bias", "candidate_bias", "reset_bias")
KEYS = {str(k): {"name": "preset", "value": name} for k, name in enumerate(presets.names()[:8], start=1)}
KEYS["0"] = {"name": "reset"}


def actions(t: Text, here: State) -> dict:
    pinned = here.pinned is not None
    return bar(
        "actions",
        button("pin", t("controls.pin_again" if pinned else "controls.pin")),
        *([button("unpin", t("controls.unpin"))] if pinned else []),
        button("reset", t("controls.reset"), disabled=not here.changed),
    )


def preset(t: Text, here: State) -> dict:
    return {
        "kind": "choice", "name": "preset", "action": True, "label": t("fields.preset.label"),
        "options": _presets(t.lang), "value": here.preset, "meaning": t(f"presets.{here.preset}.look"),
    }  # fmt: skip


@cache
def _presets(lang: str) -> list[list[str]]:
    labels = [text(lang)(f"presets.{name}.label") for name in presets.names()]
    shown = [f"{k}  {label}" if k <= 8 else label for k, label in enumerate(labels, start=1)]
    return [list(option) for option in zip(presets.names(), shown, strict=True)]


@cache
def _said(lang: str, name: str) -> Mapping[str, str]:
    """What is always said of a field."""
    t = text(lang)
    return {"label": t(f"fields.{name}.label"), "help": t(f"fields.{name}.help")}


@cache
def _options(lang: str, name: str) -> list[list[str]]:
    return [[value, text(lang).choice(name, value)] for value in FIELDS[name].choices]


def slider(t: Text, here: State, name: str, main: bool = False) -> dict:
    """A slider of one field; where the field is empty (follows another), it stands at the value in force."""
    low, high = _limits(here, name)
    value = here.get(name)
    if value is None:
        value = here.experiment.bias(name)
    shift = 1 if name in ("pulse_at", "second_at", "unit") else 0  # on the screen time and units begin at 1
    return {
        "kind": "slider", "name": name, **_said(t.lang, name),
        "min": low, "max": high, "step": FIELDS[name].step, "value": min(max(value, low), high), "shift": shift,
        "meaning": sentences.meaning(t, here.experiment, name), "main": main,
    }  # fmt: skip


def segments(t: Text, here: State, name: str) -> dict:
    return choice(t, here, name) | {"kind": "segments"}


def choice(t: Text, here: State, name: str, name_label: str | None = None) -> dict:
    shown = {
        "kind": "choice", "name": name, **_said(t.lang, name), "value": here.get(name),
        "options": _options(t.lang, name),
    }  # fmt: skip
    return shown | {"label": name_label} if name_label else shown


def toggle(t: Text, here: State, name: str) -> dict:
    return {"kind": "toggle", "name": name, **_said(t.lang, name), "value": here.get(name)}


def button(
    name: str, label: str, value: object = True, action: str | None = None, disabled: bool = False
) -> dict:
    return {
        "kind": "button", "name": name, "label": label, "value": value, "action": action or name, "disabled": disabled,
    }  # fmt: skip


def bar(name: str, *items: dict) -> dict:
    return {"kind": "bar", "name": name, "items": list(items)}


def group(name: str, label: str, items: Sequence[dict], badge: str = "", opened: bool = False) -> dict:
    return {
        "kind": "group",
        "name": name,
        "label": label,
        "items": list(items),
        "badge": badge,
        "open": opened,
    }


def more(t: Text, here: State, items: Sequence[dict]) -> dict:
    count = len(here.changed)
    badge = t("controls.changed", count=count) if count else ""
    return group("more", t("controls.more"), items, badge)


def item(t: Text, here: State, name: str) -> dict:
    """The control of a field, by its kind; of a text that could not be taken the draft."""
    kind = FIELDS[name].kind
    if kind == "choice":
        return choice(t, here, name)
    if kind == "switch":
        return toggle(t, here, name)
    if kind in ("text", "data"):
        shown = here.drafts.get(name, here.get(name))
        return {
            "kind": "text", "name": name, **_said(t.lang, name),
            "value": "" if shown.startswith("sha:") else shown, "placeholder": t(f"controls.{name}_placeholder"),
            "meaning": t("controls.text_limit", count=len(shown), limit=MAX_CHARACTERS) if kind == "text" else "",
        }  # fmt: skip
    return slider(t, here, name)


def inputs(t: Text, here: State) -> list[dict]:
    used = fields_in_use(here.experiment, here.networks)
    items = [item(t, here, name) for name in INPUT if name in used]
    if here.experiment.signal == "data":
        items.append(
            {
                "kind": "file",
                "name": "upload",
                "label": t("controls.upload"),
                "help": "",
                "accept": ".csv,.txt,.tsv",
                "bytes": MAX_BYTES,
                "large": t("errors.table_large", limit=numbers.short(MAX_BYTES / 1e6)),
            }
        )
    return [group("input", t("controls.input"), items)]


def weights(t: Text, here: State, networks: tuple[str, ...] | None = None) -> list[dict]:
    """Of `networks`; without, of those that are shown."""
    used = fields_in_use(here.experiment, networks or here.networks)
    items = [item(t, here, name) for name in (*WEIGHTS, *BIASES) if name in used]
    return [group("weights", t("controls.weights"), items)]


def clamps(t: Text, here: State) -> list[dict]:
    """The list of clamps, each with its way out; sliders for the last; and the choice of a vector to hold."""
    held = here.experiment.clamps
    letters = list(dict.fromkeys(v for n in here.networks for v in CELLS[n].Vectors._fields))
    items = [
        button(
            f"clamp_{k}",
            t("controls.clamp_remove", clamp=sentences.clamp(t, c)),
            value=k,
            action="clamp_remove",
        )
        for k, c in enumerate(held)
    ]
    if held:
        items += _last_clamp(t, here)
    options = [["", t("controls.clamp_choose")]]
    options += [[letter, t(f"vectors.{_owner(here, letter)}.{letter}.name")] for letter in letters]
    add = {"kind": "choice", "name": "clamp_add", "action": True, "label": t("controls.clamp_add")}
    items.append(add | {"help": t("fields.clamps.help"), "options": options, "value": ""})
    return [group("clamps", t("fields.clamps.label"), items, str(len(held)) if held else "")]


def _last_clamp(t: Text, here: State) -> list[dict]:
    held = here.experiment.clamps[-1]
    low, high = clamped_range(CELLS[_owner(here, held.name)].quantity(held.name))
    steps = int(_limits(here, "cursor")[1]) + 1
    rows = (
        ("value", low, high, 0.05, held.value),
        ("start", 1, steps, 1, (held.start or 0) + 1),
        ("stop", 1, steps, 1, held.stop or steps),
        ("unit", 0, here.experiment.units, 1, 0 if held.unit is None else held.unit + 1),
    )
    return [
        {
            "kind": "slider", "name": f"clamp_{part}", "label": t(f"controls.clamp_{part}"), "min": first, "max": last,
            "step": step, "value": min(max(value, first), last),
            "meaning": t("controls.clamp_all_units") if part == "unit" and not value else "",
        }
        for part, first, last, step, value in rows
    ]  # fmt: skip


def _limits(here: State, name: str) -> tuple[float, float]:
    """As `limits`; where the input has no numbers (a link to a table that is not here), all that the field allows."""
    try:
        return limits(FIELDS[name], here.experiment, SHELF)
    except InputError:
        return FIELDS[name].low, FIELDS[name].high


def _owner(here: State, letter: str) -> str:
    """The network on the screen that has the vector, or any that has it."""
    return next(n for n in (*here.networks, *CELLS) if letter in CELLS[n].Vectors._fields)


def notes(t: Text, here: State) -> dict:
    note = {"kind": "note", "name": "notes", "label": t(f"presets.{here.preset}.notes")}
    keys = [{"kind": "note", "name": f"keys_{now}", "label": t(f"keys.{now}")} for now in ("on", "off")]
    return group("presenter", t("controls.notes"), [note, *keys])


def notices(t: Text, here: State, error: InputError | None = None) -> tuple[str, ...]:
    """What could not be taken as it came, in sentences."""
    found = [*here.notices, *([error] if error else [])]
    return tuple(dict.fromkeys(sentences.notice(t, item) for item in found))


# On the way to the browser

MOVING = ("value", "meaning", "badge", "disabled")  # what changes about an item while another one is dragged


def sent(items: Sequence[dict], held: int | None = None) -> dict:
    """Items as they are sent: {"signature", "still", "moving"}.

    `still` is all of them but MOVING, as a buffer of its own, and `signature` its checksum: where that is `held` the
    browser need not get it again. `moving` has the rest by the items' names.
    """
    moving: dict[str, dict] = {}
    return still({"items": _apart(items, moving)}, held) | {"moving": moving}


def _apart(items: Sequence[dict], moving: dict[str, dict]) -> list[dict]:
    """The items without what moves, which goes to `moving`."""
    left = []
    for item in items:
        rest = dict(item)
        if moved := {part: rest.pop(part) for part in MOVING if part in item}:
            moving[item["name"]] = moved
        if "items" in item:
            rest["items"] = _apart(item["items"], moving)
        left.append(rest)
    return left
