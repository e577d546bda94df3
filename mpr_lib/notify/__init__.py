"""Notices: a webhook and a mail server are told how a run ended."""
