"""Fleets: many workspaces' months from and to object storage, made by warm processes here or on Dask workers."""

OPENS = {"stores": "mpr_lib.fleet.stores:opened"}
