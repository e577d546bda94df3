"""Fleets: many workspaces' months from and to object storage, made by warm processes here or on Dask workers."""

OPENS = {"commands": "mpr_lib.fleet.commands:register", "stores": "mpr_lib.fleet.task:opened"}
