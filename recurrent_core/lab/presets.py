"""Defaults and presets, by the version of the links that were made with them: plain names and values.

The present defaults stand beside the fields. Whoever changes one, or a preset, adds a version: its number becomes
VERSION, its presets are written down below, and each older version gets the value that it had under its `defaults`.
So a link, a saved training and a file keep their meaning for ever; what is written from then on names the new version.
"""

from typing import cast

from recurrent_core.clamp import Clamp
from recurrent_core.lab.fields import R, Record, Version

VERSION = "1"  # of all that is written now
DEFAULT = "write_once"  # the preset of a link that names none


_NOISE = {"signal": "noise", "wiring": "random"}
_FRESH_BIASES = {"memory": 0.0, "input_bias": 0.0}
EXPERIMENT = {
    "1": Version(
        {},
        {
            "write_once": {},
            "noise": _NOISE,
            "notebook": {"signal": "notebook", "wiring": "notebook", "units": 8, "noise_sd": 0.3},
            "forget": {"memory": -5.0},
            "remember": {"clamps": (Clamp("f", 1.0, 6), Clamp("i", 0.0, 6), Clamp("o", 1.0, 6))},
            "second_pulse": {"signal": "pulses"},
            "count": {"signal": "count", "wiring": "count", "units": 1, "period": 5},
            "exploding_rnn": {**_NOISE, "scale": 2.0, "network": "rnn"},
            "rnn_keeps": {"scale": 1.0, "network": "rnn"},
            "lstm_vanishes": {"memory": 0.0},
            "lstm_grows": {
                "wiring": "random", "pulse_at": 10, "scale": 1.0, "input_bias": 0.0, "units": 32, "steps": 100,
            },
            "full_cell": {  # a seed in which every unit fills: the least full one sets the norm of the gradient
                "wiring": "random", "signal": "step", "scale": 0.3, "memory": 7.0, "input_bias": 0.0, "steps": 200,
                "seed": 266,
            },
            "fresh_torch": {**_NOISE, **_FRESH_BIASES, "wiring": "fresh_torch"},
            "fresh_keras": {**_NOISE, **_FRESH_BIASES, "wiring": "fresh_keras"},
            "worked_example": {
                "signal": "data", "data": "1 2 3", "standardise": False, "wiring": "worked", "units": 1,
            },
        },
    ),
}  # fmt: skip
TRAINING = {"1": Version({}, {})}


VERSIONS = EXPERIMENT.keys()


def names(version: str | None = None) -> tuple[str, ...]:
    """The presets of a version, of the present one unless given."""
    return tuple(EXPERIMENT[version or VERSION].presets)


_STARTS: dict[tuple[type[Record], str, str], Record] = {}


def start(kind: type[R], preset: str = DEFAULT, version: str | None = None) -> R:
    """A record as a preset of a version sets it, of the present one unless given."""
    asked = kind, preset, version or VERSION
    if asked not in _STARTS:
        taken = kind.versions[version or VERSION]
        _STARTS[asked] = kind(**{**taken.defaults, **taken.presets.get(preset, {})})
    return cast(R, _STARTS[asked])
