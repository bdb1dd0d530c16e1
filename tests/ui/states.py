"""States and sessions of given settings, for the tests of pages."""

from dataclasses import replace
from typing import Any

from recurrent_core.lab.presets import DEFAULT
from ui.session import Session
from ui.settings import HOME, State, of_preset


def state_of(preset: str = DEFAULT, page: str = "", lang: str = "en", pinned=None, **fields: Any) -> State:
    """The state of a preset with some fields changed, whichever records they are in."""
    state = of_preset(State(page, lang=lang, pinned=pinned), preset)
    for name, value in fields.items():
        record = getattr(state, HOME[name])
        state = state._replace(**{HOME[name]: replace(record, **{name: value})})
    return state


def session_of(*args: Any, **fields: Any) -> Session:
    """A session that shows such a state."""
    return Session(state_of(*args, **fields))
