"""Saturation: which units are stuck?"""

from ui.shell import page

here, t = page.open_page("saturation")
page.stage("saturation", here, t)
