"""The controls of a page, as items for live_controls: what stands in FIELDS, in the reader's language.

The first screen has few of them: preset, network, Memory and one more. All the rest is under "More settings", whose
badge says how many values differ from the preset.
"""

from collections.abc import Mapping, Sequence

from recurrent_core import CELLS, FIELDS, PRESETS, Experiment, InputError, Table
from recurrent_core.lab.experiment import ROLE_OF, changed_fields, clamped_range, fields_in_use, limits
from recurrent_core.lab.signals import MAX_CHARACTERS
from ui.recordings import cached, trained
from ui.session import Session
from ui.words import sentences
from ui.words.text import Text

UPLOAD_BYTES = 5_000_000
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
KEYS = {str(k): {"name": "preset", "value": name} for k, name in enumerate(list(PRESETS)[:8], start=1)}
KEYS["0"] = {"name": "reset"}


def actions(t: Text, session: Session) -> dict:
    pinned = session.pinned is not None
    return bar(
        "actions",
        button("pin", t("controls.pin_again" if pinned else "controls.pin")),
        *([button("unpin", t("controls.unpin"))] if pinned else []),
        button("reset", t("controls.reset"), disabled=not changed_fields(session.experiment)),
    )


def preset(t: Text, e: Experiment) -> dict:
    options = [
        [name, f"{k}  {t(f'presets.{name}.label')}" if k <= 8 else t(f"presets.{name}.label")]
        for k, name in enumerate(PRESETS, start=1)
    ]
    return {
        "kind": "choice", "name": "preset", "action": True, "label": t("fields.preset.label"), "options": options,
        "value": e.preset, "meaning": t(f"presets.{e.preset}.look"),
    }  # fmt: skip


def slider(t: Text, e: Experiment, name: str, main: bool = False, table: Table | None = None) -> dict:
    """A slider of one field; where the field is empty (follows another), it stands at the value in force."""
    settings = FIELDS[name]
    low, high = _limits(e, name, table)
    value = getattr(e, name)
    if value is None:
        value = e.biases[ROLE_OF[name]]
    shift = 1 if name in ("pulse_at", "second_at", "unit") else 0  # on the screen time and units begin at 1
    return {
        "kind": "slider", "name": name, "label": t(f"fields.{name}.label"), "help": t(f"fields.{name}.help"),
        "min": low, "max": high, "step": settings.step, "value": min(max(value, low), high), "shift": shift,
        "meaning": sentences.meaning(t, e, name), "main": main,
    }  # fmt: skip


def segments(t: Text, e: Experiment, name: str) -> dict:
    return choice(t, e, name) | {"kind": "segments"}


def choice(t: Text, e: Experiment, name: str, name_label: str | None = None) -> dict:
    return {
        "kind": "choice", "name": name, "label": name_label or t(f"fields.{name}.label"),
        "help": t(f"fields.{name}.help"), "value": getattr(e, name),
        "options": [[value, t.choice(name, value)] for value in FIELDS[name].choices],
    }  # fmt: skip


def toggle(t: Text, e: Experiment, name: str) -> dict:
    return {
        "kind": "toggle", "name": name, "label": t(f"fields.{name}.label"), "help": t(f"fields.{name}.help"),
        "value": getattr(e, name),
    }  # fmt: skip


def button(name: str, label: str, value=True, action: str | None = None, disabled: bool = False) -> dict:
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


def more(t: Text, session: Session, items: Sequence[dict]) -> dict:
    count = len(changed_fields(session.experiment))
    badge = t("controls.changed", count=count) if count else ""
    return group("more", t("controls.more"), items, badge)


def item(t: Text, e: Experiment, name: str, drafts: Mapping[str, str]) -> dict:
    """The control of a field, by its kind; `drafts` are typed texts that could not be taken."""
    kind = FIELDS[name].kind
    if kind == "choice":
        return choice(t, e, name)
    if kind == "switch":
        return toggle(t, e, name)
    if kind in ("text", "data"):
        shown = drafts.get(name, getattr(e, name))
        return {
            "kind": "text", "name": name, "label": t(f"fields.{name}.label"), "help": t(f"fields.{name}.help"),
            "value": "" if shown.startswith("sha:") else shown, "placeholder": t(f"controls.{name}_placeholder"),
            "meaning": t("controls.text_limit", count=len(shown), limit=MAX_CHARACTERS) if kind == "text" else "",
        }  # fmt: skip
    return slider(t, e, name)


def inputs(t: Text, session: Session) -> list[dict]:
    e = session.experiment
    used = fields_in_use(e)
    items = [item(t, e, name, session.drafts) for name in INPUT if name in used]
    if e.signal == "data":
        items.append(
            {
                "kind": "file",
                "name": "upload",
                "label": t("controls.upload"),
                "help": "",
                "accept": ".csv,.txt,.tsv",
                "bytes": UPLOAD_BYTES,
                "large": t("errors.upload_large", limit=UPLOAD_BYTES // 1_000_000),
            }
        )
    return [group("input", t("controls.input"), items)]


def weights(t: Text, e: Experiment, networks: tuple[str, ...] | None = None) -> list[dict]:
    used = fields_in_use(e, networks)
    items = [item(t, e, name, {}) for name in (*WEIGHTS, *BIASES) if name in used]
    return [group("weights", t("controls.weights"), items)]


def clamps(t: Text, e: Experiment, table: Table | None) -> list[dict]:
    """The list of clamps, each with its way out; sliders for the last; and the choice of a vector to hold."""
    letters = list(dict.fromkeys(v for n in (e.network, e.compare) if n for v in CELLS[n].Vectors._fields))
    items = [
        button(
            f"clamp_{k}",
            t("controls.clamp_remove", clamp=sentences.clamp(t, c)),
            value=k,
            action="clamp_remove",
        )
        for k, c in enumerate(e.clamps)
    ]
    if e.clamps:
        items += _last_clamp(t, e, table)
    options = [["", t("controls.clamp_choose")]]
    options += [[letter, t(f"vectors.{_owner(e, letter)}.{letter}.name")] for letter in letters]
    add = {"kind": "choice", "name": "clamp_add", "action": True, "label": t("controls.clamp_add")}
    items.append(add | {"help": t("fields.clamps.help"), "options": options, "value": ""})
    badge = str(len(e.clamps)) if e.clamps else ""
    return [group("clamps", t("fields.clamps.label"), items, badge)]


def _last_clamp(t: Text, e: Experiment, table: Table | None) -> list[dict]:
    held = e.clamps[-1]
    low, high = clamped_range(CELLS[_owner(e, held.name)].quantity(held.name))
    steps = int(_limits(e, "cursor", table)[1]) + 1
    rows = (
        ("value", low, high, 0.05, held.value),
        ("start", 1, steps, 1, (held.start or 0) + 1),
        ("stop", 1, steps, 1, held.stop or steps),
        ("unit", 0, e.units, 1, 0 if held.unit is None else held.unit + 1),
    )
    return [
        {
            "kind": "slider", "name": f"clamp_{part}", "label": t(f"controls.clamp_{part}"), "min": first, "max": last,
            "step": step, "value": min(max(value, first), last),
            "meaning": t("controls.clamp_all_units") if part == "unit" and not value else "",
        }
        for part, first, last, step, value in rows
    ]  # fmt: skip


def _limits(e: Experiment, name: str, table: Table | None) -> tuple[float, float]:
    """As `limits`; where the input has no numbers (a link to a table that is not here), all that the field allows."""
    try:
        prices = cached.stocks() if e.signal == "stocks" else trained.prices(e)
        return limits(e, name, prices or table, trained.find)
    except InputError:
        return FIELDS[name].low, FIELDS[name].high


def _owner(e: Experiment, letter: str) -> str:
    """The network on the screen that has the vector, or any that has it."""
    names = [n for n in (e.network, e.compare, *CELLS) if n and letter in CELLS[n].Vectors._fields]
    return names[0]


def notes(t: Text, e: Experiment) -> dict:
    note = {"kind": "note", "name": "notes", "label": t(f"presets.{e.preset}.notes")}
    keys = {"kind": "note", "name": "keyboard", "label": t("controls.keyboard")}
    return group("presenter", t("controls.notes"), [note, keys])


def notices(t: Text, session: Session, error: InputError | None = None) -> tuple[str, ...]:
    """What could not be taken as it came, in sentences."""
    found = [*session.notices, *([error] if error else [])]
    return tuple(dict.fromkeys(sentences.notice(t, item) for item in found))
