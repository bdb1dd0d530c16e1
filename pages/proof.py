"""Proof: is this right?"""

from ui.shell import page, proof

here, t = page.open_page("proof")
page.lead(t("proof.lead"))
page.address(here, t, "proof")
proof.show(t)
