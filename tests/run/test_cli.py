"""The command line: exit codes, messages, and what stands in a log."""

import errno
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mpr_lib import __version__
from mpr_lib.checks import Finding, Quality
from mpr_lib.errors import InputError
from mpr_lib.run import cli, console
from mpr_lib.run import month as month_module
from mpr_lib.run.month import Published
from tests.helpers import needs, small_workspace

ROOT = Path(cli.__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def start(*arguments, cwd=None, **environment) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "mpr_lib.run.cli", *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", cwd=cwd,
        env={**ENVIRONMENT, **environment}, preexec_fn=_heed_interrupts if os.name == "posix" else None,
    )  # fmt: skip


def _heed_interrupts():
    """A shell that starts the tests in the background has all that they start ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def mpr(*arguments, **options) -> tuple[int, str, str]:
    process = start(*arguments, **options)
    out, err = process.communicate()
    return process.returncode, out, err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "2018-13"), "'2018-13' is not a month. Expected a year and a month such as 2018-05."),
        (("run", "May-2018"), "'May-2018' is not a month. Expected a year and a month such as 2018-05."),
        (("run", "2018-5"), "'2018-5' is not a month. Expected a year and a month such as 2018-05."),
        (("run", "2018-05\n"), "is not a month. Expected a year and a month such as 2018-05."),
        (("run", "../../x"), "'../../x' is not a month. Expected a year and a month such as 2018-05."),
        (("check", "2018-00"), "'2018-00' is not a month. Expected a year and a month such as 2018-05."),
        (("run",), "MONTH is missing. Expected a month such as 2018-05, as MONTH or as --month."),
        (
            ("run", "2018-04..2018-05", "--month", "2018-05"),
            "Two months are named. Expected one, as MONTH or as --month.",
        ),
        (("run", "2018-05", "--workspace", "nowhere"), "'nowhere' does not exist."),
        (("run", "2018-05", "--pdf"), "No such option: --pdf"),
        (("publish", "2018-05"), "No such command 'publish'."),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(arguments, message):
    found = CliRunner().invoke(cli.app, list(arguments))
    assert found.exit_code == 2
    assert message in found.stderr


COMMANDS = {
    "check": ["MONTH"],
    "run": ["MONTH"],
    "status": ["MONTH"],
    "template": ["MONTH"],
    "import": ["MONTH", "x.csv"],
    "init": ["new", "MONTH"],
    "next": ["MONTH"],
    "approve": ["MONTH"],
    "remind": ["MONTH"],
    "audit": ["MONTH"],
    "trace": ["CP 5.4", "MONTH"],
    "questions": ["MONTH"],
    "action": ["MONTH", "CP 5.4"],
}
"""Every command that takes a month, with the arguments that it needs."""
ANNEXES = {"status": "owed", "template": "intake", "import": "intake", "init": "start", "next": "start",
           "approve": "approvals", "remind": "meetings", "audit": "trace", "trace": "trace", "questions": "actions",
           "action": "actions"}  # fmt: skip
THERE = [pytest.param(name, marks=[needs(ANNEXES[name])] if name in ANNEXES else []) for name in COMMANDS]


def typed(command, month, *options):
    words = [each.replace("MONTH", month) for each in COMMANDS[command]]
    return CliRunner().invoke(cli.app, [command, *filter(None, words), *options])


@pytest.mark.parametrize("command", THERE)
def test_every_command_takes_its_month_as_an_argument_and_as_an_option(command, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for month, *options in (["2018-13"], ["", "--month", "2018-13"], ["2018-13", "--month", "2018-13"]):
        found = typed(command, month, *options)
        assert found.exit_code == 2
        assert "'2018-13' is not a month. Expected a year and a month such as 2018-05." in found.stderr
    found = typed(command, "2018-05", "--month", "2018-06")
    assert found.exit_code == 2
    assert "Two months are named. Expected one, as MONTH or as --month." in found.stderr
    shown = CliRunner().invoke(cli.app, [command, "--help"]).stdout
    assert "MONTH" in shown.splitlines()[0]
    assert "--month MONTH" in shown


def test_no_command_names_a_month_in_a_way_of_its_own():
    known = {each.name or each.callback.__name__.strip("_") for each in cli.app.registered_commands}
    asking = {
        name for name in known if "MONTH" in CliRunner().invoke(cli.app, [name, "--help"]).stdout.split("Options:")[0]
    }
    assert asking == set(COMMANDS) & known


def test_help_and_version_are_quick_because_nothing_heavy_is_imported():
    code = "import sys, mpr_lib.run.cli as cli; print({'pandas', 'papermill', 'rich', 'pydantic'} & set(sys.modules))"
    heavy = subprocess.run([sys.executable, "-c", code], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert heavy.stdout == "set()\n"
    begun = [sys.executable, "-c", code.replace("import sys,", "import sys, mpr_lib.run.month, mpr_lib.run.unchanged,")]
    heavy = subprocess.run(begun, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert heavy.stdout == "set()\n", "a run starts its kernel before it loads what takes seconds"
    assert mpr("--version") == (0, f"mpr {__version__}\n", "")
    exit_code, out, _ = mpr("--help")
    assert exit_code == 0
    assert "run " in out
    assert "check " in out


def test_what_cannot_be_read_is_1(tmp_path):
    exit_code, out, err = mpr("run", "2018-05", "--workspace", tmp_path)
    assert (exit_code, out) == (1, "")
    assert err == (
        f"{tmp_path.resolve()} is not a workspace: it needs the folders data and params. "
        "Name the right folder with --workspace.\n"
    )


@pytest.fixture
def running(monkeypatch, tmp_path):
    """Call ``mpr run`` in this process, with a function in the place of ``run_month``."""
    (tmp_path / "params").mkdir()

    def call(instead):
        monkeypatch.setattr(month_module, "run_month", instead)
        return CliRunner().invoke(cli.app, ["run", "2018-05", "--workspace", str(tmp_path)])

    return call


def raising(error):
    def instead(*_, **__):
        raise error

    return instead


def test_a_published_month_is_0_and_says_where(running, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "outputs" / "2018-05"
    findings = {"critical": 0, "warning": 16, "info": 21}
    found = running(lambda *_, **__: Published("2018-05", folder, ("report.html", "report.pdf"), findings, {}))
    assert found.exit_code == 0
    assert found.stdout == (
        "Published outputs/2018-05: report.html, report.pdf\nFindings: 0 critical, 16 warning, 21 info\n"
    )
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text('{"report": {"version": "V1.1"}}')
    Quality("2018-05", [finding(), finding(code="CP 2"), finding("info"), finding(name="y")], []).write(
        folder / "quality.json"
    )
    found = running(lambda *_, **__: Published("2018-05", folder, ("report.html", "report.pdf"), findings, {}))
    assert found.stdout.startswith("Published V1.1 in outputs/2018-05: report.html, ")
    assert found.stdout.splitlines()[2:] == [
        "  - x, 2 findings (CP 1, CP 2). The first: CP 1: no number.",
        "  - CP 1: no number.",
    ]


def test_a_message_for_people_is_1(running):
    found = running(raising(InputError(["one.", "two."])))
    assert (found.exit_code, found.stdout, found.stderr) == (1, "", "one.\ntwo.\n")


def test_stopping_is_130(running):
    found = running(raising(KeyboardInterrupt()))
    assert (found.exit_code, found.stderr) == (130, "Stopped. Nothing was published.\n")


def test_our_own_faults_are_1_and_their_traceback_is_in_a_log(running, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = running(raising(ZeroDivisionError("division by zero")))
    assert found.exit_code == 1
    assert found.stderr == (
        "A fault in this program, not in your data: ZeroDivisionError: division by zero. Nothing was published. "
        "The traceback is in outputs/.log/2018-05-failed.log.\n"
    )
    assert "Traceback" in (tmp_path / "outputs/.log/2018-05-failed.log").read_text("utf-8")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (
            errno.ENOSPC,
            "Cannot read or write data/x.csv: No space left on device. Nothing was published. Free some space",
        ),
        (errno.EACCES, "Cannot read or write data/x.csv: Permission denied. Nothing was published. Check who may"),
        (errno.EROFS, "Cannot read or write data/x.csv: Read-only file system. Nothing was published. Check who may"),
        (errno.EIO, "Cannot read or write data/x.csv: Input/output error. Nothing was published. Check who may"),
        (errno.EISDIR, "Cannot read or write data/x.csv: Is a directory. Nothing was published. Check who may"),
    ],
)
def test_what_the_system_refuses_is_a_sentence_that_names_the_file(running, tmp_path, monkeypatch, number, said):
    monkeypatch.chdir(tmp_path)
    found = running(raising(OSError(number, os.strerror(number), str(tmp_path / "data/x.csv"))))
    assert found.exit_code == 1
    assert found.stderr.startswith(said)
    assert found.stderr.endswith(" and try again.\n")
    assert "Traceback" not in found.stderr


def finding(severity="warning", code="CP 1", name="x"):
    return Finding(
        name, severity, "validity", code, "2018-05", "f", 2, "value", "5S0", f"{code}: no number.", "Mend it."
    )


@pytest.fixture
def checking(monkeypatch, tmp_path):
    """Call ``mpr check`` on findings."""

    def call(found, *options):
        monkeypatch.setattr(month_module, "check_month", lambda *_: Quality("2018-05", found, []))
        return CliRunner().invoke(cli.app, ["check", "2018-05", "--workspace", str(tmp_path), *options])

    return call


@pytest.mark.parametrize(("severity", "exit_code"), [("critical", 1), ("warning", 0)])
def test_check_lists_findings_by_severity(checking, severity, exit_code):
    shown = checking([finding(severity)])
    assert shown.exit_code == exit_code
    assert f"{severity}: 1\n  - CP 1: no number. Mend it.\n" in shown.stdout
    assert "info: 0\n" in shown.stdout


def test_check_has_a_line_for_each_expectation_and_all_on_request(checking):
    found = [finding("critical", f"CP {number}") for number in range(1, 1001)]
    found += [finding("critical", "CP 1", "y"), finding("warning", "CP 1"), finding("warning", ""), finding("info", "")]
    assert checking(found).stdout == (
        "critical: 1,001\n"
        "  - x, 1,000 findings (CP 1, CP 2, CP 3, CP 4, CP 5 and 995 more). The first: CP 1: no number. Mend it.\n"
        "  - CP 1: no number. Mend it.\n"
        "warning: 2\n"
        "  - x, 2 findings (CP 1). The first: CP 1: no number. Mend it.\n"
        "info: 1\n"
        "  - : no number. Mend it.\n"
        "'mpr check 2018-05 --all' lists every finding.\n"
    )
    assert checking(found, "--all").stdout.count("\n  - ") == 1004


def test_check_lists_findings_before_it_builds_pages(checking, monkeypatch):
    monkeypatch.setattr(month_module, "build_docs", raising(InputError("no pages today.")))
    shown = checking([finding()], "--docs")
    assert (shown.exit_code, shown.stderr) == (1, "no pages today.\n")
    assert "warning: 1\n  - CP 1: no number. Mend it.\n" in shown.stdout


def test_a_shell_completes_commands_and_options():
    script = mpr("completion", "bash")[1]
    assert "_MPR_COMPLETE=complete_bash" in script
    asked = {"_MPR_COMPLETE": "complete_bash", "COMP_CWORD": "1"}
    assert mpr(COMP_WORDS="mpr che", **asked)[:2] == (0, "check\n")
    assert "--jobs" in mpr(COMP_WORDS="mpr run --j", **{**asked, "COMP_CWORD": "2"})[1]


@pytest.mark.slow
def test_a_log_has_plain_lines_whatever_the_environment_asks_for(tmp_path):
    workspace = small_workspace(tmp_path / "workspace")
    exit_code, out, err = mpr(
        "run", "2018-05", "--no-pdf", cwd=workspace, FORCE_COLOR="1", CLICOLOR_FORCE="1", GITHUB_ACTIONS="true"
    )
    assert exit_code == 0, err
    assert "\x1b" not in out + err
    assert out.startswith("Published V1.0 in outputs/2018-05: ")
    published = set(out.splitlines()[0].partition(": ")[2].split(", "))
    assert {"manifest.json", "quality.html", "quality.json", "report.html", "report.ipynb"} <= published
    assert all(re.fullmatch(r" *\d+\.\d\d s  [\w ]+", line) for line in err.splitlines()), err
    exit_code, out, err = mpr("check", "2018-05", cwd=workspace)
    assert (exit_code, err) == (0, "")
    assert out.startswith("critical: 0\nwarning: ")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs signals")
def test_a_run_that_is_stopped_or_killed_leaves_the_month_as_it_was(tmp_path):
    workspace = small_workspace(tmp_path / "workspace")
    old = workspace / "outputs" / ".months" / "2018-05.old"
    old.mkdir(parents=True)
    (old / "report.html").write_text("old")
    (workspace / "outputs" / "2018-05").symlink_to(".months/2018-05.old")
    for stages, sent in (
        (0, signal.SIGKILL),
        (1, signal.SIGKILL),
        (4, signal.SIGKILL),
        (2, signal.SIGINT),
        (2, signal.SIGTERM),
    ):
        process = start("run", "2018-05", "--workspace", workspace)
        for _ in range(stages):
            assert re.match(r" *\d+\.\d\d s  \w", process.stderr.readline())
        process.send_signal(sent)
        _, err = process.communicate(timeout=30)
        asked = sent != signal.SIGKILL
        assert process.returncode == (130 if asked else -signal.SIGKILL)
        assert err.endswith("Stopped. Nothing was published.\n") == asked
        assert "Traceback" not in err
        assert (workspace / "outputs/2018-05/report.html").read_text() == "old"
    assert list((workspace / "outputs/.months").glob("*.part")) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_several_months_that_are_stopped_leave_no_process_and_no_litter(tmp_path, sent):
    workspace = small_workspace(tmp_path / "workspace")
    (workspace / "params/2018-04.yml").write_text("month: 2018-04\ngenerated: 2018-05-21T11:59:00\n")
    process = start("run", "2018-04..2018-05", "--jobs", "2", "--workspace", workspace, TMPDIR=str(tmp_path))
    until = time.monotonic() + 60
    while len(list(workspace.glob("outputs/.months/*.part"))) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(sent)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.endswith("Stopped. Nothing was published.\n")
    assert "Traceback" not in err
    assert list(workspace.glob("outputs/.months/*.part")) == []
    assert list(tmp_path.glob("mpr-kernel-*")) == []


def test_a_listener_that_has_gone_does_not_fail_the_run(running, monkeypatch):
    monkeypatch.setattr("builtins.print", raising(BrokenPipeError()))
    assert running(lambda *_, **__: Published("2018-05", Path("x"), (), {}, {})).exit_code == 0


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize(
    ("streams", "command", "exit_code", "said"),
    [
        ("<&- >&-", "completion bash", 0, ""),
        ("<&- >&- 2>&-", "completion bash", 0, ""),
        ("2>&-", "run 2018-05 --quiet", 1, ""),
        ("<&- >&-", "run 2018-05 --quiet", 1, "is not a workspace: it needs the folders data and params."),
        (">/dev/full", "completion bash", 0, "What is said here could not be written where it is sent: No space left"),
        ("2>/dev/full", "run 2018-05", 1, ""),
    ],
)
def test_streams_that_are_closed_or_full_fail_no_command(tmp_path, streams, command, exit_code, said):
    (tmp_path / "params").mkdir()
    shell = f"'{sys.executable}' -m mpr_lib.run.cli {command} {streams}"
    ended = subprocess.run(
        ["/bin/sh", "-c", shell], cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == exit_code, ended.stderr
    assert (said in ended.stderr) if said else ended.stderr == ""


def test_a_workspace_in_a_store_is_refused_where_nothing_reads_stores(monkeypatch):
    monkeypatch.setattr(console, "brought", lambda what: {})
    found = CliRunner().invoke(cli.app, ["run", "2018-05", "--workspace", "s3://councils/southend"])
    assert found.exit_code == 1
    assert found.stderr == "This installation reads no stores: it lacks mpr_lib/fleet. Name a folder.\n"
