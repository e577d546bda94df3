"""The preview: the whole report as it stands, a draft on every page, and nothing published."""

import pytest

from mpr_lib.desk.face import Face

pytestmark = pytest.mark.slow


def ask(face, what, **more):
    return face.answer({"ask": what, "view": "mine", "place": face.place, "month": "2018-05", **more})


def finished(face):
    assert ask(face, "render")[0]["rendering"]
    face.previews[face.desk.name].wait(200)
    return ask(face, "rendering")[0]


def test_the_report_is_made_as_a_draft_and_not_published(desk, place):
    import io

    from pypdf import PdfReader

    desk.save("CP 5.4", "Words of this very preview.", desk.open("CP 5.4").comment.version)
    desk.keep("CP 3.9", "Words not saved.")
    face = Face(desk)
    reply = finished(face)
    assert reply["status"] == (
        "The draft report is ready in outputs/.preview/2018-05; nothing was published. "
        "Words not saved yet are not in it: CP 3.9."
    )
    assert reply["made"] == ["report.html", "report.pdf"]
    assert not (place / "outputs" / "2018-05").exists()
    reply, (page,) = ask(face, "preview_file", name="report.html")
    assert "Words of this very preview." in page.decode()
    assert "mpr-watermark" in page.decode()
    assert "21 June 2018 11:59" in page.decode()
    _, (pdf,) = ask(face, "preview_file", name="report.pdf")
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 15
    assert [number for number, text in enumerate(pages, start=1) if "DRAFT" not in text.upper()] == []
    assert str(place) not in page.decode()


def test_a_report_that_cannot_be_made_says_why(desk, place):
    (place / "data" / "targets.csv").write_text("nothing\n")
    face = Face(desk)
    reply = finished(face)
    assert "data/targets.csv" in reply["problem"]
    assert ask(face, "preview_file", name="../../x")[0]["problem"] == "The preview has no ../../x. Make it again."
