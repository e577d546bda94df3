// The editor without a page: whose words stand in it, what is asked of the desk, and what becomes of each answer.
//
// `record` is the one indicator that is open: {place, month, code, base, saved, text, …}. It is replaced whole when an
// answer opens another; until then everything typed, kept and saved is the record's own. What is typed stands in the
// browser's store until the desk has it, under a key that names place, month, code and view.

const GOES = ["start", "turn_to", "reload", "open", "take_theirs"]; // what puts something else on the screen

export function same(one, other) {
  const plain = (words) => (words ?? "").replace(/\r\n?/g, "\n").trim();
  return plain(one) === plain(other);
}

export class Editor {
  // `store` has localStorage's methods; `send` takes a request to the desk.
  constructor(view, store, send) {
    Object.assign(this, { view, store, send, record: null, shown: { place: "", month: "" }, awaited: 0, looked: 0, last: 0 });
  }

  get dirty() { return this.record !== null && !same(this.record.text, this.record.saved); }

  ask(what, more = {}) {
    const { place, month, code = "", base = "" } = this.record ?? this.shown;
    const id = ++this.last;
    this.send({ ask: what, id, view: this.view, place, month, code, base, ...more });
    return id;
  }

  // What the writer does.

  type(words) {
    if (!this.record) return;
    this.record.text = words;
    this.remember();
  }
  look() { if (this.record) this.looked = this.ask("look", { text: this.record.text, taken: this.record.taken ?? "" }); }
  keep() { if (this.dirty) this.look(); }
  start() { this.awaited = this.ask("start"); }
  open(code) { this.keep(); this.awaited = this.ask("open", { ...this.shown, code, base: "" }); }
  turn(month) { this.keep(); this.awaited = this.ask("turn_to", { ...this.shown, month, code: "", base: "" }); }
  reload() { this.keep(); this.awaited = this.ask("reload", { ...this.shown }); }
  save(more = {}) {
    if (!this.record) return;
    // A second save names the version that the first one makes, so it waits for that.
    if (this.record.saving) { this.record.next = more; return; }
    this.record.saving = this.ask("save", { text: this.record.text, ...more });
  }
  keepMine(more = {}) {
    const { base, text } = this.record.conflict;
    this.save({ ...more, base, aside: text });
  }
  takeTheirs() { this.awaited = this.hand("take_theirs", this.record.text); }
  takeBoth() {
    const { base, text } = this.record.conflict;
    Object.assign(this.record, { base, saved: text, conflict: null });
    this.type(`${this.record.text.trim()}\n\n${text}`);
    this.look();
  }
  takeDraft(name) { this.hand("take_draft", this.dirty ? this.record.text : "", { name }); }
  // Words that the desk puts aside may be replaced, as long as they are the ones that it was handed.
  hand(what, text, more = {}) {
    const id = this.ask(what, { text, ...more });
    this.record.handed = { id, text: this.record.text };
    return id;
  }
  handed(reply) { return this.record.handed?.id === reply.id && this.record.handed.text === this.record.text; }
  silent() { if (this.record) this.record.saving = 0; }

  // What the desk answers. Returns whether the answer is on what is "here", a "list" that is here, or "elsewhere".

  answered(reply) {
    const key = keyOf(reply), here = this.record !== null && keyOf(this.record) === key;
    if (reply.kept !== undefined) this.forget(key, reply.kept);
    const disk = reply.text ?? reply.saved;
    if (disk !== undefined) this.forget(key, disk);
    if (GOES.includes(reply.ask)) return this.gone(reply, here);
    if (here) this.take(reply);
    const listed = reply.place === this.shown.place && reply.month === this.shown.month;
    return here || !reply.code ? "here" : listed ? "list" : "elsewhere";
  }

  gone(reply, here) {
    if (reply.id !== this.awaited) return "elsewhere";
    this.awaited = 0;
    if (reply.problem && !reply.html) return "here";
    this.shown = { place: reply.place, month: reply.month };
    if (reply.ask === "reload" && this.record) { this.open(this.record.code); return "here"; }
    const own = this.record;
    if (here && (reply.ask === "take_theirs" ? !this.handed(reply) : this.dirty)) {
      // Typed on since this was asked for: the words stay, over the version that they were typed over.
      this.record = { ...recordOf(reply), text: own.text, base: own.base, saved: own.saved, saving: own.saving };
      this.look();
      return "here";
    }
    this.keep();
    this.record = reply.code ? recordOf(reply) : null;
    if (this.record && reply.ask === "open") this.restore(reply);
    return "here";
  }

  take(reply) {
    const own = this.record;
    if (reply.id === own.saving) own.saving = 0;
    for (const name of ["base", "saved", "judgement", "approved"]) if (name in reply && (reply.ask !== "look")) own[name] = reply[name];
    if (reply.kept !== undefined) own.taken = "";
    if (reply.conflict) own.conflict = reply.conflict;
    if (reply.ask === "save" && reply.saved !== undefined) {
      own.conflict = null;
      if (this.dirty) { this.remember(); this.look(); }
      if (own.next) { const more = own.next; own.next = null; this.save(more); }
    }
    own.next = own.saving ? own.next : null;
    if (reply.insert !== undefined) this.put(reply.insert, own.text);
    if (reply.replace !== undefined) {
      own.taken = reply.name;
      this.put(reply.replace, this.handed(reply) ? "" : own.text);
      this.look();
    }
  }

  put(words, before) { this.type(before.trim() ? `${words}\n\n${before}` : words); }

  // The browser's store.

  remember() {
    const { base, text } = this.record;
    this.store.setItem(`${keyOf(this.record)} ${this.view}`, JSON.stringify({ base, text }));
  }
  // Entries of one indicator, this view's own first.
  stored(key) {
    const names = [];
    for (let at = 0; at < this.store.length; at++) if (this.store.key(at).startsWith(`${key} `)) names.push(this.store.key(at));
    names.sort((one, other) => other.endsWith(this.view) - one.endsWith(this.view));
    return names.map((name) => ({ name, own: name.endsWith(this.view), ...JSON.parse(this.store.getItem(name)) }));
  }
  forget(key, words) {
    for (const each of this.stored(key)) if (same(each.text, words)) this.store.removeItem(each.name);
  }
  // Words that had not reached the desk: this view's own, or those of a view that is gone, unless there are newer ones.
  restore(reply) {
    const [found] = this.stored(keyOf(reply)).filter((each) => each.own || !reply.restored);
    if (!found || same(found.text, reply.text)) return;
    Object.assign(this.record, { base: found.base, text: found.text, restored: true });
    this.remember();
    this.look();
  }
}

// A code may hold any character, so the parts of a key are told apart by JSON.
function keyOf({ place, month, code }) { return `mpr desk ${JSON.stringify([place, month, code])}`; }

function recordOf(reply) {
  const { place, month, code, base, saved, text, earlier, judgement, approved } = reply;
  return { place, month, code, base, saved, text, earlier, judgement, approved, conflict: null };
}
