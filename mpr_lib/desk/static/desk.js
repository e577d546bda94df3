// The desk's thin face: it carries what is typed to the kernel, shows what comes back, and decides nothing.

const PAUSE = 250; // milliseconds without a key before the page beside the editor follows
const PATIENCE = 8000; // milliseconds after which a kernel that has not answered is said to be silent

const ACTION = /^\s*\**actions?:\**/i; // how the paragraph on what is being done begins

const BESIDE = ["look", "found", "rendering"]; // what is asked beside the writer's own doing: it takes no message away

function render({ model, el }) {
  const view = crypto.randomUUID();
  const now = { code: "", base: "", saved: "", earlier: "", judgement: "", place: "", conflict: null };
  const waiting = new Map();
  let typing = 0, checking = 0, links = [], last = 0;

  el.innerHTML = model.get("shell");
  const part = (name) => el.querySelector(`[data-part="${name}"]`);
  const field = (name) => el.querySelector(`[data-field="${name}"]`);
  const button = (name) => el.querySelector(`[data-act="${name}"]`);
  const text = field("text"), action = field("action"), role = field("role");
  label(text, el.querySelector(".desk-editor label"));
  role.value = remembered("role");

  function ask(what, more = {}) {
    const id = ++last;
    waiting.set(id, setTimeout(silent, PATIENCE));
    model.send({ ask: what, id, view, code: now.code, ...more });
    return id;
  }

  function silent() {
    problem("The kernel does not answer. What you type is kept in this browser; if it stays silent, restart the kernel and run the notebook again.");
  }

  function answered(reply, buffers) {
    if (reply.view !== view) return;
    clearTimeout(waiting.get(reply.id));
    waiting.delete(reply.id);
    if (reply.ask === "preview_file") return offer(reply, buffers);
    if (reply.problem || !BESIDE.includes(reply.ask)) problem(reply.problem || "");
    if (reply.status !== undefined) status(reply.status);
    const elsewhere = reply.code && reply.code !== now.code;
    const late = reply.ask === "look" && reply.id !== now.looked;
    if (reply.kept !== undefined && same(localOf(reply.code), reply.kept)) forget(reply.code);
    if (elsewhere) return reply.html && show("list", reply.html.list);
    for (const [name, html] of Object.entries(reply.html || {})) if (!late) show(name, html);
    take(reply);
  }

  function take(reply) {
    for (const name of ["base", "saved", "earlier", "judgement", "place"]) if (name in reply) now[name] = reply[name];
    if (reply.ask === "open" || reply.ask === "take_theirs") opened(reply);
    if (reply.ask === "turn_to" || reply.ask === "reload" || reply.ask === "start") started(reply);
    if ("approved" in reply) approval(reply.approved);
    if (reply.ask === "save" && reply.saved !== undefined) { now.conflict = null; if (!dirty()) forget(now.code); else look(); }
    if (reply.conflict) { now.conflict = reply.conflict; el.querySelector("[data-conflict]").focus(); status(""); }
    if (reply.insert !== undefined) insert(reply.insert);
    if (reply.replace !== undefined) replace(reply.replace);
    if ("outcome" in reply) judged(reply);
    if (reply.checking) { clearTimeout(checking); checking = setTimeout(() => ask("found"), 1200); }
    if (reply.rendering) setTimeout(() => ask("rendering"), 700);
    if (reply.made) fetchMade(reply.made);
    marks();
  }

  function started(reply) {
    sheet(false);
    if (reply.ask === "reload" && now.code) return ask("open");
    now.code = "";
  }

  function opened(reply) {
    sheet(true);
    text.value = reply.text;
    const local = localOf(now.code);
    if (local !== null && !same(local, reply.text)) {
      text.value = local;
      status("These words were typed in this browser and had not reached the desk. They are not saved yet.");
      look();
    } else if (reply.ask === "open" && !reply.status) {
      status(reply.restored ? `These words were typed at ${reply.restored} and are not saved yet.` : "");
    }
    button("take-earlier").hidden = !now.earlier;
    const title = el.querySelector("[data-title]");
    if (title && now.moving) title.focus({ preventScroll: false });
    now.moving = false;
  }

  function judged(reply) {
    field("outcome").value = reply.outcome; field("reason").value = reply.reason; field("until").value = reply.until;
    button("withdraw-judgement").hidden = !reply.judgement;
  }

  function approval(approved) { now.approved = approved; }

  // What is typed goes to the browser's own store at once, and to the desk after a pause.
  function typed() {
    remember(now.code, text.value);
    clearTimeout(typing);
    typing = setTimeout(look, PAUSE);
    marks();
  }
  function look() { clearTimeout(typing); if (now.code) now.looked = ask("look", { text: text.value }); }
  const dirty = () => !same(text.value, now.saved);

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
    button("save").disabled = !dirty() || !text.value.trim();
    const undo = now.approved && !dirty();
    button("approve").textContent = undo ? "Withdraw approval" : "Approve";
    button("approve").disabled = !text.value.trim();
    const kept = el.querySelector('.desk-editor [data-part="state"]');
    kept.classList.toggle("desk-dirty", dirty());
  }

  function insert(words) {
    const before = text.value.trim() ? words + "\n\n" : words;
    text.focus(); text.setSelectionRange(0, 0);
    if (!document.execCommand("insertText", false, before)) text.value = before + text.value;
    typed();
  }
  function replace(words) {
    text.focus(); text.select();
    if (!document.execCommand("insertText", false, words)) text.value = words;
    typed();
  }

  const acts = {
    open: (from) => {
      look_if_typed(); now.code = from.dataset.code; now.moving = true; now.conflict = null; status(""); ask("open");
    },
    save: () => { clearTimeout(typing); ask("save", { text: text.value, base: now.base, role: role.value }); },
    approve: () => now.approved && !dirty()
      ? ask("withdraw_approval", { base: now.base })
      : ask("save", { text: text.value, base: now.base, role: role.value, approve: true }),
    "first-draft": () => ask("first_draft"),
    "take-earlier": () => insert(now.earlier),
    "take-draft": (from) => ask("take_draft", { name: from.dataset.name, text: dirty() ? text.value : "" }),
    "drop-draft": (from) => ask("drop_draft", { name: from.dataset.name }),
    "keep-mine": () => ask("save", { text: text.value, base: now.conflict.base, role: role.value }),
    "take-theirs": () => { const mine = text.value; forget(now.code); ask("take_theirs", { text: mine }); },
    "take-both": () => {
      now.base = now.conflict.base; now.saved = now.conflict.text;
      const both = `${text.value.trim()}\n\n${now.conflict.text}`; show("conflict", ""); replace(both);
    },
    judge: () => ask("judge", {
      outcome: field("outcome").value, reason: field("reason").value, until: field("until").value,
      role: role.value, judgement: now.judgement,
    }),
    "withdraw-judgement": () => ask("withdraw_judgement", { judgement: now.judgement }),
    reload: () => { look_if_typed(); ask("reload"); },
    preview: () => { look_if_typed(); show("preview", ""); status("The report is being made: some seconds …"); ask("render"); },
  };
  function look_if_typed() { if (now.code && dirty()) look(); }

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
  function problem(words) { part("problem").textContent = words; }

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

  // This browser's store: words on their way to the desk, and the writer's role.
  function key(code) { return `mpr desk ${now.place} ${code}`; }
  function remember(code, words) { try { localStorage.setItem(key(code), words); } catch { /* no store, no second net */ } }
  function forget(code) { try { localStorage.removeItem(key(code)); } catch { /* as above */ } }
  function localOf(code) { try { return localStorage.getItem(key(code)); } catch { return null; } }
  function remembered(name) { try { return localStorage.getItem(`mpr desk ${name}`) || ""; } catch { return ""; } }

  const frame = el.querySelector(".mpr-desk");
  frame.addEventListener("click", (event) => {
    const from = event.target.closest("[data-act]");
    if (from && acts[from.dataset.act]) acts[from.dataset.act](from);
  });
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
    if (event.target.dataset.field === "month") { look_if_typed(); ask("turn_to", { month: event.target.value, code: "" }); }
  });

  model.on("msg:custom", answered);
  ask("start");
  return () => { model.off("msg:custom", answered); links.forEach(URL.revokeObjectURL); waiting.forEach(clearTimeout); };
}

function same(one, other) { return (one ?? "").replace(/\r\n?/g, "\n").trim() === (other ?? "").replace(/\r\n?/g, "\n").trim(); }

let labels = 0;
function label(control, words) { control.id = `mpr-desk-${++labels}-${Date.now()}`; words.htmlFor = control.id; }

export default { render };
