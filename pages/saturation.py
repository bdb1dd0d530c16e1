"""Saturation: which units are stuck?"""

from ui.shell import page

reader, t = page.open_page("saturation")
page.stage("saturation", reader, t)
