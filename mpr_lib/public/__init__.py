"""The public edition: a month without what is not public."""

OPENS = {"edition": "mpr_lib.public.edition:make_public", "guards": "mpr_lib.public.edition:refuse_archive"}
