"""Published files: all of them, under names that change with their content, from the installed packages."""

import gzip
import json
import re
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import plotly
import pytest

from figures.colours import THEMES
from ui.components import assets

ROOT = Path(__file__).parents[3]


@pytest.fixture
def static(tmp_path, monkeypatch):
    """A publication of its own in an empty folder."""
    monkeypatch.setattr(assets, "STATIC", tmp_path / "static")
    assets.publish.cache_clear()
    yield tmp_path / "static"
    assets.publish.cache_clear()


def test_everything_the_browser_parts_import_is_published(static):
    folder = static / assets.publish()
    scripts = [path.read_text("utf-8") for path in folder.glob("*.js")]
    named = r"""(?:^import [^"]*|import\()"\./([^"]+)\""""
    wanted = {name for script in scripts for name in re.findall(named, script, re.M)}
    assert wanted and wanted <= {path.name for path in folder.iterdir()}
    sources = list((ROOT / "ui").rglob("*.js"))
    assert {path.name for path in sources} <= {path.name for path in folder.iterdir()}
    assert len({path.name for path in sources}) == len(sources)  # they share one folder


def test_no_script_reads_a_text_as_html():
    """A text that comes from a reader or an address is set as text, wherever it is shown."""
    reads = r"(inner|outer)HTML\s*\+?=[^=]|insertAdjacentHTML|createContextualFragment|setHTML|document\.write|srcdoc"
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "ui").rglob("*.js")}
    assert "textContent = text" in sources["dom.js"]
    assert [name for name, source in sources.items() if re.search(reads, source)] == []


def test_no_style_depends_on_what_is_inside():
    """`:has()` is matched anew for the whole page with every node that changes: it took half of each picture's time."""
    styles = {path.name: path.read_text("utf-8") for path in (ROOT / "ui").rglob("*.css")}
    assert ".gs-tip" in styles["live_controls.css"]
    assert [name for name, style in styles.items() if ":has(" in style] == []


def test_nothing_looks_again_and_again():
    """What changes tells of it. Only a training's server has to hear from time to time that somebody still looks."""
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "ui").rglob("*.js")}
    assert [name for name, source in sources.items() if "setInterval" in source] == ["training_job.js"]


def test_plotly_is_the_installed_one(static):
    assets.publish()
    source = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    script = static / assets.plotly_name()
    assert plotly.__version__ in script.name
    assert script.read_bytes() == source.read_bytes()
    assert gzip.decompress((static / f"{script.name}.gz").read_bytes()) == source.read_bytes()


def test_the_colour_table_is_the_figures_own(static):
    module = (static / assets.publish() / "colours.js").read_text("utf-8")
    assert json.loads(module.removeprefix("export default ").removesuffix(";\n")) == THEMES


def test_the_version_changes_with_the_content_and_only_with_it(static, monkeypatch):
    first = assets.publish()
    assets.publish.cache_clear()
    assert assets.publish() == first
    files = assets._files()
    monkeypatch.setattr(assets, "_files", lambda: files | {"wire.js": files["wire.js"] + b"\n"})
    assets.publish.cache_clear()
    second = assets.publish()
    assert second != first
    assert (static / first / "wire.js").read_bytes() != (static / second / "wire.js").read_bytes()


def test_servers_that_start_together_do_not_disturb_each_other(tmp_path):
    path, together = tmp_path / "a.js", threading.Barrier(4, timeout=30)

    def read():
        together.wait()
        return b"whole" * 1000

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(assets._write, path, read) for _ in range(4)]:
            done.result()
    assert path.read_bytes() == b"whole" * 1000 and list(tmp_path.iterdir()) == [path]


def test_all_that_a_module_imports_is_known():
    """What the browser is told to fetch at once is what it would ask for one after the other."""
    names = assets.imports("part.js")
    assert names[0] == "part.js" and {"wire.js", "parts.js", "conversation.js"} < {*names}
    assert not {"live_figure.js", "step_cell.js"} & {*names}  # loaded when a part of their kind is shown
    assert {"colours.js", "plotly_url.js", "numbers.js"} < {*assets.imports("live_figure.js")}
    assert {*assets.imports("part.js", "live_figure.js")} > {*names}


def test_the_theme_is_streamlits_own(static):
    style = (static / assets.publish() / "theme.css").read_text("utf-8")
    themes = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]
    for theme in ("light", "dark"):
        for colour in themes[theme].values():
            assert style.count(f": {colour};") >= 2, (theme, colour)
    used = {
        name
        for path in (ROOT / "ui").rglob("*")
        if path.suffix in (".css", ".js")
        for name in re.findall(r"var\((--st-[a-z-]+)", path.read_text("utf-8"))
    }
    assert {name for name in used if f"{name}:" not in style} <= {"--st-link-color"}


def test_nothing_half_written_stays(static):
    assets.publish()
    assert not [path for path in static.rglob("*") if path.name.startswith(".")]


def test_the_loader_is_short_and_names_the_present_version(static):
    script = assets.loader("part.js")
    assert f"app/static/{assets.publish()}/part.js" in script
    assert (
        len(script) < 1000 and "\n" in script.strip()
    )  # Streamlit takes a text without a line end for a path
