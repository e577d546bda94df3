"""The seal: ``mpr verify`` compares a set with its manifest, which can be signed so that readers know whose it is."""

OPENS = {"commands": "mpr_lib.seal.verify:register", "seals": "mpr_lib.seal.signing:sign"}
