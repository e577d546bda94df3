"""Approved: which of the newest comments somebody stands for, which is a draft, and which was changed afterwards."""

from mpr_lib.approvals.approvals import COLUMNS, NAME, of_comment
from mpr_lib.book.commentary import split_front_matter
from mpr_lib.rules.codes import slug
from tools.demo import LAST
from tools.demo.agreed import text_of

APPROVED, DRAFT, CHANGED = "FB 2.4", "FB 2.3", "FB 4.1"
"""An indicator whose comment is approved as it stands, one with a draft, and one whose comment got another ending."""


def files(comments: dict[str, str]) -> dict[str, str]:
    """The approvals, and the comment that is a draft, by their paths; ``comments`` are all of them."""
    rows, (draft, approved, changed) = [], map(_path, (DRAFT, APPROVED, CHANGED))
    for code, name in ((APPROVED, approved), (CHANGED, changed)):
        fields, text = split_front_matter(comments[name], name)
        seen = text if code == APPROVED else text.rpartition("\n\n")[0]
        rows.append(["comment", code, LAST, of_comment(seen), fields["role"], fields["date"]])
    _, text = split_front_matter(comments[draft], draft)
    return {NAME: text_of(COLUMNS, rows), draft: f"---\nstate: draft\n---\n{text}\n"}


def _path(code):
    return f"data/commentary/{LAST}/{slug(code)}.md"
