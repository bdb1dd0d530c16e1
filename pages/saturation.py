"""Saturation: which units are stuck?"""

from ui import page

here, t = page.open_page("saturation")
page.stage("saturation", here, t)
