"""Parts: what a section's call gives to the notebook: the page for the reader, and its blocks for the exporters."""

from dataclasses import dataclass, field

MIME = "application/vnd.mpr.part+json"


@dataclass(frozen=True)
class Part:
    """One section's blocks. Jupyter shows its HTML; the exporters read its JSON."""

    section: str
    blocks: list[dict]
    document: dict = field(default_factory=dict)

    @property
    def data(self) -> dict:
        return {"mpr": 1, "section": self.section, "blocks": self.blocks, "document": self.document}

    def _repr_mimebundle_(self, include=None, exclude=None):
        from mpr_lib.report.page import part_html

        plain = (
            f"{self.section}: {len(self.blocks)} blocks, shown by JupyterLab and by the mpr-html and mpr-pdf exporters"
        )
        return {MIME: self.data, "text/html": part_html(self), "text/plain": plain}
