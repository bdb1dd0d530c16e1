"""Proof: is this right?"""

from ui.shell import page, proof

reader, t = page.open_page("proof")
page.lead(t("proof.lead"))
page.address(reader, t, "proof")
proof.show(t)
