"""Face: what the widget asks and what the desk answers, as plain data. A browser sees no more of the desk than this."""

import os

from mpr_lib.desk.beside import PREVIEWED, Preview
from mpr_lib.desk.desk import Desk
from mpr_lib.desk.pages import render
from mpr_lib.desk.saving import ChangedMeanwhile, NotWritten, plain
from mpr_lib.errors import MprError
from mpr_lib.files import read_whole
from mpr_lib.rules.months import read_month

# A reply is {"html": parts of the page by name, …}; what else stands in it is for the controls.

_RECORD = ("view", "place", "month", "code")
"""What says whose words a request carries; its answer carries the same."""

_FIGURES = ("facts", "judgement", "findings")
_WRITTEN = ("drafts", "state", "conflict")
_LOOKED = ("look", "hints")
"""The parts that hang on the figures, on what is saved, and on what is typed."""

READ_ONLY = "You may read this workspace, and not change it."
STRANGE = "This view belongs to another workspace. Nothing was done. Run the notebook again; what you typed is kept."
NOT_KEPT = "The desk cannot write in outputs/.drafts: what you type is kept in this browser alone until it is saved."
GONE = "Those words are gone: they were saved or thrown away meanwhile."


class Face:
    """Answers one request after another; ``answer`` never raises, for somebody is waiting in front of it."""

    def __init__(self, desk: Desk):
        self.desk, self.desks, self.previews = desk, {}, {}
        self.place = str(desk.workspace.root.resolve())

    def answer(self, request: dict) -> tuple[dict, list[bytes]]:
        """The reply to a request ``{"ask": …}``, and the files that go with it."""
        ask, buffers = request.get("ask"), []
        try:
            self.desk = self._desk_for(request)
            reply = self._reply(ask, request)
            buffers = reply.pop("files", [])
        except MprError as error:
            reply = {"problem": str(error)}
        except OSError as error:
            reply = {"problem": f"Nothing was written: {error.strerror or error}. What you typed is kept."}
        except Exception as error:  # noqa: BLE001 -- an answer that never comes would leave the writer without a word
            reply = {"problem": f"Something went wrong ({type(error).__name__}: {error}). What you typed is kept."}
        told = {name: request.get(name, "") for name in ("ask", "id", *_RECORD)}
        return {**told, **reply}, buffers

    def _reply(self, ask, request):
        if ask not in _ASKED:
            return {"problem": f"The desk knows no '{ask}'."}
        try:
            return _ASKED[ask](self, request)
        except ChangedMeanwhile as error:
            return self._conflict(request, error)

    def _desk_for(self, request):
        """The desk of the view and the month that a request names: no view's words go to a month that another shows."""
        view, place, month = (request.get(name, "") for name in _RECORD[:3])
        if request["ask"] != "start" and (place != self.place or not month):
            raise MprError(STRANGE)
        month = read_month(month) if month else self.desk.month
        desk = self.desks.get((view, month)) or (self.desk.another() if self.desks else self.desk)
        if request["ask"] in ("turn_to", "reload") or desk.month != month:
            desk.turn_to(month)
        return self.desks.setdefault((view, month), desk)

    # What is asked.

    def start(self, request):
        problem = {} if os.access(self.desk.workspace.data, os.W_OK) else {"problem": READ_ONLY}
        return {**self._shown(request, ["month", "list"]), **self._place(), **problem}

    turn_to = reload = start

    def open(self, request):
        opened, checks = self.desk.open(request["code"]), self.desk.checks
        parts = ["earlier", *_FIGURES, *_WRITTEN, *_LOOKED, "list"]
        return self._shown(request, parts, opened=opened, text=opened.text) | {
            "text": opened.text, "earlier": opened.earlier.text if opened.earlier else "",
            "checking": checks is None or checks.running, **_comment(opened), **_judgement(opened),
            **self._place(), "restored": opened.own.kept.strftime("%H:%M on %d/%m/%Y") if opened.own else "",
        }  # fmt: skip

    def look(self, request):
        code, text = request["code"], request["text"]
        kept, taken = self._kept(request, text), request.get("taken")
        parts = [*_LOOKED, *["drafts"] * bool(taken)]
        if taken and "kept" in kept:
            self.desk.drafts.drop(code, taken)
        return self._shown(request, parts, opened=self.desk.open(code), text=text) | kept

    def found(self, request):
        return {"checking": self.desk.check().running, **self._shown(request, ["findings"])}

    def save(self, request):
        code, approve = request["code"], bool(request.get("approve"))
        self.desk.save(code, request["text"], request["base"], request.get("role", ""), approve)
        self.desk.drafts.set_aside(code, request.get("aside", ""))
        said = "approved and saved" if approve else "saved"
        return self._saved(request, f"{code} is {said} in data/commentary/{self.desk.month}.")

    def withdraw_approval(self, request):
        self.desk.withdraw_approval(request["code"], request["base"])
        return self._saved(request, f"{request['code']} is a draft again.")

    def first_draft(self, request):
        return {"insert": self.desk.first_draft(request["code"])}

    def take_draft(self, request):
        code, drafts = request["code"], self.desk.drafts
        draft = drafts.read(code, request["name"])
        if draft is None:
            return {"problem": GONE, **self._drafts(request)}
        drafts.set_aside(code, request.get("text", ""))
        return {"replace": draft.text, "name": draft.name}

    def drop_draft(self, request):
        self.desk.drafts.drop(request["code"], request["name"])
        return {"status": "Thrown away.", **self._drafts(request)}

    def take_theirs(self, request):
        """Their text goes into the editor; the writer's own stays, as a draft beside it."""
        self.desk.drafts.set_aside(request["code"], request["text"])
        self.desk.drafts.drop(request["code"])
        return self.open(request) | {"status": "Theirs is in the editor; yours is kept above it."}

    def judge(self, request):
        code = request["code"]
        fields = [request.get(name, "") for name in ("outcome", "reason", "role", "until", "judgement")]
        self.desk.judge(code, *fields)
        return self._judged(request, f"The judgement on {code} is recorded in data/judgements.csv.")

    def withdraw_judgement(self, request):
        code = request["code"]
        self.desk.withdraw_judgement(code, request.get("judgement", ""))
        return self._judged(request, f"The judgement on {code} is withdrawn: it follows its rating.")

    def render(self, request):
        self.previews[self.desk.name] = Preview(self.desk.workspace, self.desk.month)
        return self.rendering(request)

    def rendering(self, request):
        preview = self.previews.get(self.desk.name)
        if preview is None:
            return {"problem": "No preview is being made."}
        if preview.running:
            return {"rendering": True, "status": f"The report is being made: {preview.stage or 'some seconds'} …"}
        if preview.problem:
            return {"problem": f"The preview could not be made. {preview.problem}"}
        unsaved = sorted(each.code for each in self.desk.entries() if each.own)
        ready = f"The draft report is ready in {self.desk.workspace.relative(preview.folder)}; nothing was published."
        missing = f" Words not saved yet are not in it: {', '.join(unsaved)}." if unsaved else ""
        return {"made": PREVIEWED, "status": ready + missing}

    def preview_file(self, request):
        path = self.previews[self.desk.name].file(request["name"])
        return {"name": path.name, "files": [read_whole(path, path.name)]}

    # What answers are made of.

    def _place(self):
        return {"place": self.place, "month": str(self.desk.month)}

    def _shown(self, request, names, **context):
        context |= {"desk": self.desk, "code": request.get("code", "")}
        return {"html": {name: render(name, **context) for name in names}}

    def _kept(self, request, text):
        """Keep what is typed; where that cannot be done the writer is told, in the same words after each pause."""
        try:
            self.desk.keep(request["code"], text, request["base"])
        except (NotWritten, OSError):
            return {"problem": NOT_KEPT}
        return {"kept": text}

    def _drafts(self, request):
        return self._shown(request, ["drafts"], opened=self.desk.open(request["code"]))

    def _saved(self, request, status):
        """After a save: only what hangs on the saved words changes, not what has been typed since."""
        opened = self.desk.open(request["code"])
        text = request.get("text", opened.comment.text)
        shown = self._shown(request, [*_WRITTEN, *_LOOKED, "list"], opened=opened, text=text)
        return {**shown, "status": status, **_comment(opened)}

    def _judged(self, request, status):
        opened = self.desk.open(request["code"])
        shown = self._shown(request, [*_FIGURES, "list"], opened=opened)
        return {**shown, "status": status, "checking": True, **_judgement(opened)}

    def _conflict(self, request, error):
        now = error.now
        if request["ask"] not in ("save", "withdraw_approval"):
            return {
                "problem": f"{error} It now says: {now.expected_outcome or 'nothing'}: {now.reason} ({now.role}). "
                "Record yours again to put it in its place.",
                "judgement": now.version,
            }  # fmt: skip
        mine = request.get("text", "")
        kept = self._kept(request, mine) if mine else {}
        shown = self._shown(request, ["conflict"], mine=plain(mine), theirs=now)
        return {**shown, **kept, "conflict": {"text": now.text, "base": now.version}}


def _comment(opened):
    comment = opened.comment
    return {"saved": comment.text, "base": opened.base, "approved": opened.state == "APPROVED"}


def _judgement(opened):
    made = opened.judgement
    return {"outcome": made.expected_outcome, "reason": made.reason, "until": made.until, "judgement": made.version}


_ASKED = {name: ask for name, ask in vars(Face).items() if callable(ask) and name[0] != "_" and name != "answer"}
