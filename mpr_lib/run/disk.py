"""What the operating system says when it cannot write, in words for people."""

import errno

from mpr_lib.errors import RunError

DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""No space left, the user's share used up, or the file larger than it may be."""

_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def disk_message(error: OSError, month: str) -> RunError | None:
    """The message for a full disk or a folder that may not be written to; nothing for any other error."""
    kept = f"Nothing was published; the {month} report is as it was."
    if error.errno in DISK_FULL:
        return RunError(f"the disk is full: {error.strerror}. {kept} Free some space and run the month again.")
    if error.errno in _REFUSED:
        return RunError(
            f"not allowed to write to the outputs folder: {error.strerror}. {kept} "
            "Ask whoever looks after the folder for the right to change it."
        )
    return None
