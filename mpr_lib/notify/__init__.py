"""Notices: a webhook and a mail server are told how a run ended."""

OPENS = {"announces": "mpr_lib.notify.notify:notify"}
