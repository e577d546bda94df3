"""Notices of how a run ended, mails that go once, and the digest for subscribers."""

OPENS = {
    "announces": "mpr_lib.notify.digest:announce",
    "private": "mpr_lib.notify.sent:PRIVATE",
    "sends": "mpr_lib.notify.sent:send",
}
