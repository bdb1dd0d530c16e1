"""Still pictures: what is drawn is what was given, each in its place, and no text breaks out of it."""

import re
import struct
import zlib
from base64 import b64decode
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from figures.colours import THEMES
from figures.curves import Curve, gradient_curves
from figures.heatmaps import Block, recording_heatmaps
from figures.png import png
from figures.saturation import Dot, GateDots, saturation_dots
from figures.svg import svg

NS = "{http://www.w3.org/2000/svg}"
BARS = {"closed": "closed", "open": "open", "signed_low": "−1", "signed_high": "+1", "time": "t"}
CURVES = {
    "x_axis": "steps back", "y_relative": "strength", "y_absolute": "strength", "loss": "loss", "float32": "float32",
    "distance": "{distance} back", "hover": "{network}{back}{t}{value}", "one_in": "{count}", "times": "{count}",
    "percent": "{value}", "zero": "0", "overflow": "∞",
}  # fmt: skip
TEXT = st.text(
    st.characters(blacklist_categories=()), max_size=30
)  # half characters and control characters too


def decoded(file: bytes) -> np.ndarray:
    """The colours (row, column, 4) of a PNG of ours."""
    assert file[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(file):
        (size,) = struct.unpack(">I", file[at : at + 4])
        kind, body = file[at + 4 : at + 8], file[at + 8 : at + 8 + size]
        assert struct.unpack(">I", file[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        chunks[kind], at = body, at + 12 + size
    assert list(chunks)[-1] == b"IEND"
    columns, rows, depth, colours = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colours) == (8, 3)
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    palette = np.frombuffer(chunks[b"PLTE"], np.uint8).reshape(-1, 3)
    alpha = np.frombuffer(chunks[b"tRNS"], np.uint8)
    return np.concatenate([palette[lines[:, 1:]], alpha[lines[:, 1:], None]], axis=2)


def block(values, name="forget gate f", scale="gate", **more) -> Block:
    return Block("f", name, "1 = keep", "#D55E00", np.asarray(values, dtype=float), scale, **more)


def heatmaps(*blocks, **settings) -> dict:
    return recording_heatmaps(blocks, BARS, **settings)


def drawn(figure, theme="light", title="") -> ElementTree.Element:
    return ElementTree.fromstring(svg(figure, theme, title))


def texts(root) -> list[str]:
    return ["".join(node.itertext()).replace("\N{NO-BREAK SPACE}", " ") for node in root.iter(f"{NS}text")]


def share(percent: str) -> float:
    return float(percent.removesuffix("%")) / 100


def test_an_image_has_the_colours_that_it_was_given():
    rng = np.random.default_rng(0)
    pixels, palette = rng.integers(0, 256, (7, 12), np.uint8), rng.integers(0, 256, (256, 4), np.uint8)
    np.testing.assert_array_equal(decoded(png(pixels, palette)), palette[pixels])


@pytest.mark.parametrize("theme", THEMES)
def test_squares_have_the_colours_of_their_values(theme):
    values = np.array([[0.0, 0.5, 1.0, np.nan], [np.inf, -np.inf, 0.25, 0.75]])
    root = drawn(heatmaps(block(values)), theme)
    (image,) = root.iter(f"{NS}image")
    colours = decoded(b64decode(image.get("href").split(",")[1]))
    assert colours.shape == (4, 2, 4)  # units down, time across
    anchors = [colour for _, colour in THEMES[theme]["gate"]]

    def named(row, column):
        return "#" + bytes(colours[row, column, :3].tolist()).hex()

    assert named(0, 0) == named(1, 1) == anchors[0].lower()
    assert named(2, 0) == named(0, 1) == anchors[-1].lower()
    assert (
        colours[3, 0, 3] == 0 and (np.delete(colours[:, :, 3].ravel(), 6) == 255).all()
    )  # the unknown one is clear
    assert [share(image.get(side)) for side in ("x", "width")] == pytest.approx([0, 1])


def test_a_picture_is_as_high_as_the_figure_and_as_wide_as_there_is_room():
    figure = heatmaps(block(np.zeros((9, 5))))
    root = drawn(figure, title="Why?")
    assert root.get("height") == str(figure["layout"]["height"])
    assert root.get("width") == "100%" and root.get("viewBox") is None
    assert root.find(f"{NS}title").text == "Why?"
    margin = figure["layout"]["margin"]
    assert f"calc(100% - {margin['l'] + margin['r']}px)" in root.find(f"{NS}foreignObject").get("style")


def test_names_and_words_are_those_of_the_figure():
    gate, state = block(np.zeros((9, 5))), block(np.zeros((9, 5)), "cell state c", "signed")
    found = texts(drawn(heatmaps(gate, state)))
    for wanted in (
        "■ forget gate f  1 = keep",
        "■ cell state c  1 = keep",
        "closed",
        "open",
        "−1",
        "+1",
        "t = 1",
        "5",
    ):
        assert wanted in found


def test_a_line_goes_through_its_points():
    line = np.array([0.0, 0.5, 1.0, np.nan, 0.25])
    figure = heatmaps(block(np.zeros((5, 5)), mean=line), pixels=50)
    root = drawn(figure)
    paths = [path for path in root.iter(f"{NS}path") if path.get("d")]
    assert {path.get("stroke") for path in paths} == {THEMES["light"]["halo"], THEMES["light"]["line"]}
    for path in paths:  # from t = 1 in the middle of the first of five squares; a gap at the unknown value
        assert path.get("d") == "M100,69 300,44 500,19M900,56.5"


def test_a_held_square_is_hatched():
    held = np.zeros((10, 4), bool)
    held[2:4, 1:3] = True
    root = drawn(heatmaps(block(np.zeros((10, 4)), held=held), pixels=40))
    (hatched,) = [node for node in root.iter(f"{NS}rect") if node.get("fill") == "url(#hatch)"]
    assert [share(hatched.get(side)) for side in ("x", "width")] == pytest.approx([0.2, 0.2])
    assert [float(hatched.get(side)) for side in ("y", "height")] == pytest.approx([29, 20])
    assert root.find(f".//{NS}pattern").get("id") == "hatch"


@pytest.mark.parametrize("theme", THEMES)
def test_curves_have_their_colours_dashes_and_marks(theme):
    curves = [
        Curve(name, name.upper(), np.linspace(low, 0, 60)) for name, low in (("rnn", -20.0), ("lstm", -1.0))
    ]
    figure = gradient_curves(curves, log=True, relative=True, distance=50, words=CURVES, height=400)
    root = drawn(figure, theme)
    paths = {path.get("stroke"): path for path in root.iter(f"{NS}path") if path.get("stroke-width") == "3"}
    assert {*paths} == {THEMES[theme]["rnn"], THEMES[theme]["lstm"]}
    assert paths[THEMES[theme]["rnn"]].get("stroke-dasharray") == "3 3"
    dots = {circle.get("fill"): circle for circle in root.iter(f"{NS}circle")}
    assert share(dots[THEMES[theme]["lstm"]].get("cx")) == pytest.approx(
        1 - 50 / figure["layout"]["xaxis"]["range"][0], abs=1e-4
    )
    arrows = [path for path in root.iter(f"{NS}path") if "H" in path.get("d")]
    assert len(arrows) >= 1 and {arrow.get("fill") for arrow in arrows} == {THEMES[theme]["rnn"]}
    assert any(text.startswith("RNN") for text in texts(root)) and "loss" in texts(root)
    assert "10−16" in texts(root)  # the power raised


def test_dots_are_rings_circles_and_numbers():
    panels = [GateDots("input gate i", "#009E73", [Dot(0.5, 0.25, (0, 1, 2)), Dot(0, 0, (3,))])]
    root = drawn(saturation_dots(panels, {"right": "right", "left": "left"}, unit=1))
    circles = [*root.iter(f"{NS}circle")]
    ring = next(circle for circle in circles if circle.get("fill") == "none")
    filled = [circle for circle in circles if circle.get("fill") == "#009E73"]
    assert len(filled) == 2 and ring.get("cx") in {circle.get("cx") for circle in filled}
    assert "3" in texts(root)


def test_nothing_unknown_is_written():
    curves = [Curve("lstm", "LSTM", np.array([-np.inf, np.nan, np.inf, -1.0, 0.0]))]
    for log in (True, False):
        text = svg(gradient_curves(curves, log=log, relative=log, distance=3, words=CURVES, height=400))
        assert not re.search(r'"[^"]*\b(nan|inf|None)\b[^"]*"', text)


def test_another_theme_is_an_error():
    with pytest.raises(KeyError):
        svg(heatmaps(block(np.zeros((9, 5)))), "sepia")


@given(name=TEXT, tick=TEXT, title=TEXT)
def test_any_text_stands_for_itself(name, tick, title):
    figure = heatmaps(block(np.zeros((2, 5)), name), ticks=[tick, tick])
    root = drawn(figure, title=title)  # which no XML reader takes if anything breaks out
    assert {node.tag.removeprefix(NS) for node in root.iter()} <= {
        "svg", "title", "foreignObject", "image", "text", "tspan", "line", "rect", "defs", "linearGradient", "stop"
    }  # fmt: skip
    for node in root.iter():
        assert not [key for key in node.attrib if key.startswith("on")]


@pytest.mark.parametrize(
    "evil", ["</text><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "a & b < c %{x}"]
)
def test_markup_in_a_name_is_a_name(evil):
    assert f"■ {evil}  1 = keep" in texts(drawn(heatmaps(block(np.zeros((9, 5)), evil))))


def test_bars_climb_from_share_to_share():
    """Three steps of a half, a quarter and a quarter, and two to come: heads at a half, a quarter and the top."""
    z = [[0.5, 0.5], [0.25, 0.75], [0.25, 1.0], [np.nan, np.nan], [np.nan, np.nan]]
    figure = heatmaps(block(z, scale="share"))
    (top,) = [trace["meta"]["top"] for trace in figure["data"] if trace["type"] == "heatmap"]
    root = drawn(figure)
    (ground,) = root.iter(f"{NS}rect")
    assert (ground.get("y"), ground.get("height")) == (str(top), "54")
    tint, solid, line = root.iter(f"{NS}path")
    heads = [float(y) - top for y in re.findall(r"[ML][\d.]+,([\d.]+)H", line.get("d"))]
    assert heads == [27, 13.5, 0]
    feet = [float(y) - top for y in re.findall(r"M[\d.]+,([\d.]+)V", solid.get("d"))]
    assert feet == [54, 27, 13.5]
    assert tint.get("fill") == solid.get("fill") == "#D55E00" and tint.get("fill-opacity") == "0.25"
    assert re.findall(r"M([\d.]+),", tint.get("d")) == ["0", "200", "400"]  # none of the steps to come
