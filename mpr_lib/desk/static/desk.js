// The desk's thin face: it carries keys and clicks to the editor, and shows what comes back. Whose words are whose is
// decided in editor.js alone.

import { Editor, same } from "./editor.js";

const PAUSE = 250; // milliseconds without a key before the page beside the editor follows
const PATIENCE = 8000; // milliseconds after which a kernel that has not answered is said to be silent

const ACTION = /^\s*\**actions?:\**/i; // how the paragraph on what is being done begins

const BESIDE = ["look", "found", "rendering"]; // what is asked beside the writer's own doing: it takes no message away

function render({ model, el }) {
  const view = crypto.randomUUID();
  const waiting = new Map();
  let typing = 0, checking = 0, links = [], moving = false;

  el.innerHTML = model.get("shell");
  const part = (name) => el.querySelector(`[data-part="${name}"]`);
  const field = (name) => el.querySelector(`[data-field="${name}"]`);
  const button = (name) => el.querySelector(`[data-act="${name}"]`);
  const text = field("text"), action = field("action"), role = field("role");
  label(text, el.querySelector(".desk-editor label"));
  role.value = remembered("role");

  const editor = new Editor(view, browsers(), (request) => {
    waiting.set(request.id, setTimeout(silent, PATIENCE));
    model.send(request);
  });
  const ask = (what, more) => editor.ask(what, more);

  function silent() {
    editor.silent();
    problem("The kernel does not answer. What you type is kept in this browser; if it stays silent, restart the kernel and run the notebook again.");
  }

  function answered(reply, buffers) {
    if (reply.view !== view) return;
    clearTimeout(waiting.get(reply.id));
    waiting.delete(reply.id);
    if (reply.ask === "preview_file") return offer(reply, buffers);
    const before = editor.record, where = editor.answered(reply), own = editor.record;
    if (reply.problem || !BESIDE.includes(reply.ask)) problem(reply.problem || "");
    if (reply.status !== undefined) status(reply.status);
    if (where !== "here") return away(reply, where);
    const late = reply.ask === "look" && reply.id !== editor.looked;
    for (const [name, html] of Object.entries(reply.html || {})) if (!late || name === "drafts") show(name, html);
    if (reply.conflict) { el.querySelector("[data-conflict]").focus(); status(""); }
    if (own !== before) opened(reply);
    else if (own && !same(own.text, text.value)) paint(own.text);
    if ("outcome" in reply) judged(reply);
    if (reply.checking) { clearTimeout(checking); checking = setTimeout(() => ask("found"), 1200); }
    if (reply.rendering) setTimeout(() => ask("rendering"), 700);
    if (reply.made) fetchMade(reply.made);
    marks();
  }

  // An answer for somebody who moved on: what it did is said, and nothing that is open is touched.
  function away(reply, where) {
    if (where === "list" && reply.html) show("list", reply.html.list);
    if (reply.conflict) problem(`${reply.code} was not saved: somebody else changed it meanwhile. Your words are kept; open it again.`);
    marks();
  }

  function opened(reply) {
    const own = editor.record;
    sheet(own !== null);
    text.value = own ? own.text : "";
    const month = field("month");
    if (month) month.value = editor.shown.month;
    if (!own) return;
    if (own.restored) {
      status("These words were typed in this browser and had not reached the desk. They are not saved yet.");
    } else if (reply.ask === "open" && !reply.status) {
      status(reply.restored ? `These words were typed at ${reply.restored} and are not saved yet.` : "");
    }
    button("take-earlier").hidden = !own.earlier;
    const title = el.querySelector("[data-title]");
    if (title && moving) { el.scrollIntoView({ block: "start" }); title.focus({ preventScroll: false }); }
    moving = false;
  }

  function judged(reply) {
    field("outcome").value = reply.outcome; field("reason").value = reply.reason; field("until").value = reply.until;
    button("withdraw-judgement").hidden = !reply.judgement;
  }

  // What is typed goes to the browser's own store at once, and to the desk after a pause.
  function typed() {
    editor.type(text.value);
    clearTimeout(typing);
    typing = setTimeout(look, PAUSE);
    marks();
  }
  function look() { clearTimeout(typing); editor.look(); }

  // What is being done is a paragraph of the comment; its field shows that, and writes it there.
  const paragraphs = () => text.value.split(/\n[ \t]*\n/);
  function act() {
    const said = action.value.trim() && `Action: ${action.value.trim().replace(/\s*\n\s*/g, " ")}`;
    const there = paragraphs().findIndex((each) => ACTION.test(each));
    const left = paragraphs().map((each, place) => (place === there ? said : ACTION.test(each) ? "" : each));
    text.value = (there < 0 ? [...left, said] : left).filter((each) => each.trim()).join("\n\n");
    typed();
  }

  function marks() {
    const done = paragraphs().filter((each) => ACTION.test(each)).map((each) => each.replace(ACTION, "").trim());
    if (document.activeElement !== action) action.value = done.join(" ");
    const dirty = editor.dirty, empty = !text.value.trim();
    button("save").disabled = !dirty || empty;
    button("approve").textContent = editor.record?.approved && !dirty ? "Withdraw approval" : "Approve";
    button("approve").disabled = empty;
    el.querySelector('.desk-editor [data-part="state"]').classList.toggle("desk-dirty", dirty);
  }

  // Words that the writer did not type are put in so that the browser's own Undo takes them out again.
  function paint(words) {
    text.focus(); text.select();
    if (!document.execCommand("insertText", false, words)) text.value = words;
    typed();
  }

  const acts = {
    open: (from) => { clearTimeout(typing); moving = true; status(""); editor.open(from.dataset.code); },
    save: () => { clearTimeout(typing); editor.save({ role: role.value }); },
    approve: () => editor.record?.approved && !editor.dirty
      ? ask("withdraw_approval")
      : editor.save({ role: role.value, approve: true }),
    "first-draft": () => ask("first_draft"),
    "take-earlier": () => { editor.put(editor.record.earlier, text.value); paint(editor.record.text); },
    "take-draft": (from) => editor.takeDraft(from.dataset.name),
    "drop-draft": (from) => ask("drop_draft", { name: from.dataset.name }),
    "keep-mine": () => editor.keepMine({ role: role.value }),
    "take-theirs": () => editor.takeTheirs(),
    "take-both": () => { editor.takeBoth(); show("conflict", ""); paint(editor.record.text); },
    judge: () => ask("judge", {
      outcome: field("outcome").value, reason: field("reason").value, until: field("until").value,
      role: role.value, judgement: editor.record.judgement,
    }),
    "withdraw-judgement": () => ask("withdraw_judgement", { judgement: editor.record.judgement }),
    reload: () => editor.reload(),
    preview: () => { editor.keep(); show("preview", ""); status("The report is being made: some seconds …"); ask("render"); },
  };

  // The preview's files come through the kernel, so that links to them work wherever the workspace lies.
  function fetchMade(names) {
    links.forEach(URL.revokeObjectURL); links = []; show("preview", '<p class="desk-links"></p>');
    names.forEach((name) => ask("preview_file", { name }));
  }
  function offer(reply, buffers) {
    if (reply.problem) return problem(reply.problem);
    const pdf = reply.name.endsWith(".pdf");
    const url = URL.createObjectURL(new Blob(buffers, { type: pdf ? "application/pdf" : "text/html;charset=utf-8" }));
    links.push(url);
    const link = document.createElement("a");
    link.href = url; link.target = "_blank"; link.rel = "noopener"; link.dataset.file = reply.name;
    link.textContent = pdf ? "Open the draft as PDF" : "Open the draft report";
    part("preview").firstElementChild[pdf ? "append" : "prepend"](link);
  }

  function show(name, html) {
    const place = part(name);
    if (!place || html === undefined) return;
    const held = place.contains(document.activeElement) ? document.activeElement.dataset.code : "";
    place.innerHTML = html;
    if (held) el.querySelector(`[data-act="open"][data-code="${CSS.escape(held)}"]`)?.focus();
    if (name === "list") one_stop();
  }
  function sheet(on) { el.querySelector("[data-sheet]").hidden = !on; el.querySelector("[data-empty]").hidden = on; }
  function status(words) { part("status").textContent = words; }
  // The same words again are not news: a screen reader would say them after each pause.
  function problem(words) { if (part("problem").textContent !== words) part("problem").textContent = words; }

  // The list is one stop of the Tab key; the arrow keys move in it.
  const codes = () => [...el.querySelectorAll('[data-act="open"]')];
  function one_stop() {
    const all = codes(), here = all.find((each) => each.getAttribute("aria-current")) || all[0];
    all.forEach((each) => { each.tabIndex = each === here ? 0 : -1; });
  }
  function arrow(event) {
    const all = codes(), at = all.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined || !all[to]) return;
    event.preventDefault(); all[at].tabIndex = -1; all[to].tabIndex = 0; all[to].focus();
  }

  function remembered(name) { try { return localStorage.getItem(`mpr desk ${name}`) || ""; } catch { return ""; } }

  const frame = el.querySelector(".mpr-desk");
  frame.addEventListener("click", (event) => {
    const from = event.target.closest("[data-act]");
    if (from && acts[from.dataset.act]) acts[from.dataset.act](from);
  });
  // What is unfolded at the foot of a pane is brought into sight; the event does not bubble.
  frame.addEventListener("toggle", ({ target }) => { if (target.open) target.scrollIntoView({ block: "nearest" }); }, true);
  frame.addEventListener("submit", (event) => event.preventDefault());
  frame.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      if (!button("save").disabled) acts.save();
    }
    arrow(event);
    event.stopPropagation();
  });
  text.addEventListener("input", typed);
  action.addEventListener("input", act);
  role.addEventListener("input", () => { try { localStorage.setItem("mpr desk role", role.value); } catch { /* as above */ } });
  frame.addEventListener("change", (event) => {
    if (event.target.dataset.field === "month") { clearTimeout(typing); editor.turn(event.target.value); }
  });

  model.on("msg:custom", answered);
  editor.start();
  return () => { model.off("msg:custom", answered); links.forEach(URL.revokeObjectURL); waiting.forEach(clearTimeout); };
}

// This browser's store: words on their way to the desk. Without a store there is no second net.
function browsers() {
  const attempt = (work) => { try { return work(); } catch { return null; } };
  return {
    get length() { return attempt(() => localStorage.length) || 0; },
    key: (at) => localStorage.key(at),
    getItem: (name) => localStorage.getItem(name),
    setItem: (name, words) => attempt(() => localStorage.setItem(name, words)),
    removeItem: (name) => attempt(() => localStorage.removeItem(name)),
  };
}

let labels = 0;
function label(control, words) { control.id = `mpr-desk-${++labels}-${Date.now()}`; words.htmlFor = control.id; }

export default { render };
