"""How each source writes the same networks: equations, order and shapes of the parameters, one step in NumPy.

SOURCES is what a page can print: one file a framework, and one for the papers. Every `step` is written in its
source's own layout and from its source alone, so the tests hold it against our cells with converted
parameters: an independent reference. Vectors are single: x (input,), h and c (unit,). In the equations ⊙ is the
elementwise product and ' marks the step before; each source keeps its own letters, its own order and its own
sign of z. The papers leave biases out; ours are in.
"""

from recurrent_core.exchange.sources.convention import Convention, Source
from recurrent_core.exchange.sources.keras import KERAS
from recurrent_core.exchange.sources.onnx import ONNX
from recurrent_core.exchange.sources.papers import CHO, CHUNG
from recurrent_core.exchange.sources.pytorch import PYTORCH

__all__ = ["SOURCES", "VARIANTS", "Convention", "Source", "nearest"]

SOURCES = {"cho": CHO, "chung": CHUNG, "pytorch": PYTORCH, "keras": KERAS, "onnx": ONNX}

VARIANTS = tuple(dict.fromkeys(name for source in SOURCES.values() for name in source.networks))


def nearest(source: Source, network: str) -> str:
    """The name of `network` among a source's networks, or of the one that comes nearest: the papers have a GRU alone.

    Variants are named after the network: "gru_after" stands for "gru" where a source has only that.
    """
    names = (network, network.partition("_")[0], *source.networks)
    return next(name for name in names if name in source.networks)
