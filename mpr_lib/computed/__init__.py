"""Computed indicators: figures that follow from other indicators' by a formula that the workspace declares."""

OPENS = {
    "reads": "mpr_lib.computed.computing:read_formulas",
    "computes": "mpr_lib.computed.computing",
    "checks": "mpr_lib.computed.told",
    "card": "mpr_lib.computed.told:card",
    "begins": "mpr_lib.computed.computing:begins",
}
