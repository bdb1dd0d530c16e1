"""Draw docs/length_100.svg: what each network reached on the adding problem of length 100.

    python scripts/plot_length_100.py

A line is the median of five seeds, its band reaches from the lowest to the highest.
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from figures.colours import DASHES, THEMES  # noqa: E402
from recurrent_core import CELLS  # noqa: E402
from recurrent_core.learn.length_100 import length_100  # noqa: E402

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 70, 90, 20, 50
LOW, HIGH = -5, 0  # powers of ten
STROKES = {"solid": "none", "dash": "8 5", "dot": "2 4"}


def main() -> None:
    found = length_100()
    last = max(one.updates[-1] for one in found.values())

    def x(update: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * update / last

    def y(loss: float) -> float:
        return TOP + (HIGH - np.clip(np.log10(loss), LOW, HIGH)) / (HIGH - LOW) * (HEIGHT - TOP - BOTTOM)

    def points(updates, losses) -> str:
        return " ".join(f"{x(u):.1f},{y(v):.1f}" for u, v in zip(updates, losses, strict=True))

    parts = []
    for power in range(LOW, HIGH + 1):
        level = y(10.0**power)
        parts.append(
            f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{level:.1f}" y2="{level:.1f}" stroke="#ddd"/>'
        )
        label = f'10<tspan dy="-5" font-size="10">{power}</tspan>' if power else "1"
        parts.append(f'<text x="{LEFT - 10}" y="{level + 4:.1f}" text-anchor="end">{label}</text>')
    for update in range(0, int(last) + 1, 500):
        parts.append(
            f'<text x="{x(update):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{update:,}</text>'
        )
    trivial = y(1 / 6)
    parts.append(
        f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{trivial:.1f}" y2="{trivial:.1f}" stroke="#555"/>'
    )
    parts.append(f'<text x="{LEFT + 6}" y="{trivial - 6:.1f}" fill="#333">always answering 1: 0.167</text>')
    for network, one in found.items():
        colour, dash = THEMES["light"][network], STROKES[DASHES[network]]
        low, middle, high = one.losses.min(axis=0), np.median(one.losses, axis=0), one.losses.max(axis=0)
        band = f"{points(one.updates, low)} {points(one.updates[::-1], high[::-1])}"
        parts.append(f'<polygon points="{band}" fill="{colour}" fill-opacity="0.15"/>')
        line = f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'
        parts.append(f'<polyline points="{points(one.updates, middle)}" {line}/>')
        at = f'x="{WIDTH - RIGHT + 6}" y="{y(middle[-1]) + 4:.1f}"'
        parts.append(f'<text {at} fill="{colour}">{CELLS[network].label}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">updates</text>'
    )
    font = 'font-family="sans-serif" font-size="13"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {font}>'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    caption = f'<text x="{LEFT}" y="14" fill="#333">mean squared error</text>'
    (ROOT / "docs" / "length_100.svg").write_text("\n".join([head, ground, caption, *parts, "</svg>"]) + "\n")


if __name__ == "__main__":
    main()
