"""From the header of the real pages: the link, its code, and files of what is shown."""

import io
from pathlib import Path

import numpy as np
from person import drag_to, slider, take, wait_for_address, wait_for_picture
from playwright.sync_api import expect

LINK = "input[data-name=link]"


def test_the_link_is_the_address_and_has_a_code(visit):
    page = visit("/gates?n=5&lang=en&v=1")
    take(page, "memory")
    drag_to(page, "memory", 0.0)
    page.mouse.up()
    wait_for_address(page, m=slider(page, "memory").input_value())
    page.click("button[data-name=share]")
    expect(page.locator(LINK)).to_have_value(page.url)
    page.locator("[data-name=qr] svg").wait_for()
    other = visit(page.url.removeprefix(page.visitor.server.address))
    wait_for_picture(other, "gates", m=slider(page, "memory").input_value(), n="5")


def test_files_are_of_what_is_shown(visit):
    page = visit("/gates?preset=second_pulse&n=5&lang=en&v=1")
    page.click("button[data-name=download]")
    for want, start in (("npz", b"PK"), ("csv", b"\xef\xbb\xbf"), ("png", b"\x89PNG"), ("html", b"<!")):
        with page.expect_download() as started:
            page.click(f"button[data-name={want}]")
        content = Path(started.value.path()).read_bytes()
        assert content.startswith(start), want
        assert started.value.suggested_filename.endswith(want)
        if want == "npz":
            with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
                assert arrays["lstm.c"].shape == arrays["gru.h"].shape == (60, 5)
