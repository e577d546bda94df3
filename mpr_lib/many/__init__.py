"""Many months: each is a fork of a process that has everything imported, and none takes another along."""

OPENS = {"many": "mpr_lib.many.runs:beside", "warm": "mpr_lib.many.warm:Warm"}
