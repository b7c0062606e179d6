// An autosaved message. The browser owns its fields, so no answer of the server disturbs the text or the caret. Every
// change has a number, is stored on this device at once, and is sent until the server has confirmed that number.
import { jsx } from "@emotion/react";
import { Fragment, createContext, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { PREFIX, forget } from "./forget_drafts.js";

// In milliseconds. A save starts after a pause, or after LONGEST of continuous typing. A request ends at TIMEOUT and is
// repeated after RETRY, then twice that, at most MAX_RETRY. The page reports text older than LATE as not saved.
const [PAUSE, LONGEST, TIMEOUT, RETRY, MAX_RETRY, LATE, TICK] = [400, 1000, 5000, 1000, 8000, 2500, 500];

const NOT_SENT = _("Your message is not saved yet, so it did not go on. It is kept on this device. Please try again in a moment.");
const NOT_SENT_HERE = _("Your message is not saved yet, so it did not go on. Please keep this page open, and try again in a moment.");
const TOO_LONG = _("This is too long to be saved. It is kept on this device, and nothing was cut. Please shorten it.");
const CHANGED = _("This draft was also changed in another window.");
const BROUGHT_BACK = _("We brought back what you had not saved yet.");

const [SAVED, SAVING] = [_("Saved"), _("Saving…")];

const contactOf = (words) => String(words.contact_id || "");
// A missing contact counts as unchanged.
const same = (one, other) =>
  one.subject === other.subject &&
  one.body === other.body &&
  (contactOf(one) === contactOf(other) || !contactOf(one) || !contactOf(other));

// The unsaved copies of a draft on this device, the newest first: one for each tab that could not save.
function leftovers(account, draft) {
  const found = [];
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(`${PREFIX}${account}:${draft}:`)) found.push({ key, ...JSON.parse(localStorage.getItem(key)) });
    }
  } catch {
    // The browser has no storage.
  }
  return found.sort((one, other) => other.at - one.at);
}

// Drafts as last saved by this tab, by address: newer than the copy in the page's State.
const latest = new Map();

class Message {
  constructor(account, given, url, keepsNothing) {
    const draft = latest.get(url)?.version > given.version ? { ...given, ...latest.get(url) } : given;
    this.tab = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    this.key = `${PREFIX}${account}:${draft.id}:${this.tab}`;
    Object.assign(this, { account, url, keepsNothing, server: draft, base: draft.version, contact: draft.contact_id });
    // The latest change, and the latest that the server has confirmed.
    this.number = this.kept = this.failures = this.tried = 0;
    this.problem = this.notice = "";
    this.conflict = null;
    this.isOnDevice = !keepsNothing;
    this.on = {};
    this.show = () => {};
  }

  // The data that the components show.
  get face() {
    const { status, problem, notice, conflict, server } = this;
    const isEmpty = !this.fields?.body.value.trim();
    return { status, problem, notice, conflict, figures: server.figures, isEmpty, isBlank: isEmpty && !this.fields?.subject.value.trim() };
  }

  redraw() {
    this.show(this.face);
  }

  get status() {
    if (this.kept >= this.number) return SAVED;
    if (this.conflict) return _("Not saved: it was changed in another window, see above");
    if (!this.isLate) return SAVING;
    return this.isOnDevice ? _("Not saved yet. It is kept on this device") : _("Not saved yet. Please keep this page open");
  }

  begin(form) {
    this.fields = form.elements;
    // Whoever follows in a demo session may see what stands in them (`following.js`).
    for (const name of ["contact", "subject", "body"]) this.fields[name].dataset.shared = "";
    // What another window could not save is not for a frame that only shows (`split.js`).
    const [left] = window.frameElement ? [] : leftovers(this.account, this.server.id);
    this.put(left && !same(left, this.server) ? left : this.server);
    if (left && !same(left, this.server)) {
      // If the server's last change is from the same tab, this text came after it.
      this.base = left.tab === this.server.tab ? this.server.version : left.base;
      this.notice = BROUGHT_BACK;
      this.change();
      this.receive(this.server);
    }
    if (left) forget(left.key);
    this.ticking = setInterval(() => this.tick(), TICK);
    this.redraw();
  }

  end() {
    clearInterval(this.ticking);
    this.flush();
    this.show = () => {};
    this.on = {};
  }

  read() {
    const { contact, subject, body } = this.fields;
    return { contact_id: Number(contact.value) || null, subject: subject.value, body: body.value };
  }

  put(words) {
    const { contact, subject, body } = this.fields;
    if (subject.value !== words.subject) subject.value = words.subject;
    if (body.value !== words.body) body.value = words.body;
    contact.value = contactOf(words);
    if (contact.selectedIndex < 0) contact.value = "";
  }

  change() {
    this.number += 1;
    this.since ??= Date.now();
    this.problem = "";
    this.copy();
    this.saveIn(Math.min(PAUSE, Math.max(0, Math.max(this.since, this.tried) + LONGEST - Date.now())));
    this.redraw();
  }

  copy() {
    if (this.keepsNothing) return;
    const { tab, number, base } = this;
    try {
      localStorage.setItem(this.key, JSON.stringify({ ...this.read(), tab, number, base, at: Date.now() }));
      this.isOnDevice = true;
    } catch {
      this.isOnDevice = false;
    }
  }

  saveIn(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  // Save at once: the user left the field or the page, or the connection is back.
  flush(leaving = false) {
    clearTimeout(this.timer);
    return this.save(leaving);
  }

  async save(leaving = false) {
    if (this.kept >= this.number || this.conflict || (this.isSaving && !leaving)) return;
    this.isSaving = true;
    this.tried = Date.now();
    const [{ contact_id: contact, ...words }, { tab, number, base, tried }] = [this.read(), this];
    const stop = new AbortController();
    const giveUp = setTimeout(() => stop.abort(), TIMEOUT);
    try {
      const body = JSON.stringify({ tab, number, base, contact, ...words });
      const headers = { "Content-Type": "application/json" };
      // A browser completes small requests even after the page is closed.
      const keepalive = leaving && body.length < 15000;
      const reply = await fetch(this.url, { method: "POST", headers, body, keepalive, signal: stop.signal });
      // Only our own route answers in JSON; proxies and middleware answer with pages.
      const answer = await reply.json().catch(() => (reply.status === 413 ? { problem: TOO_LONG } : {}));
      if (!reply.ok) throw Object.assign(new Error(), { status: reply.status, problem: answer.problem });
      this.failures = 0;
      this.receive(answer, tried);
      // The rules beside the message depend on its contact, and a problem on the old text.
      if (this.hasProblem || answer.contact_id !== this.contact) this.reload();
    } catch (error) {
      this.fail(error);
    } finally {
      clearTimeout(giveUp);
      this.isSaving = false;
    }
    if (!this.failures && this.kept < this.number) this.saveIn(PAUSE);
    this.redraw();
  }

  fail({ status, problem }) {
    this.isLate = true;
    this.failures += 1;
    this.problem = problem ?? (this.goesOn ? (this.keepsNothing ? NOT_SENT_HERE : NOT_SENT) : "");
    this.goesOn = false;
    // Signed out, or the draft was sent or discarded: the page's State finds out and redirects.
    if (status === 401 || status === 404) this.reload();
    // A text that is too long cannot succeed until it changes.
    if (!problem) this.saveIn(Math.min(RETRY * 2 ** (this.failures - 1), MAX_RETRY));
  }

  // Takes in the server's draft, from the answer to a save or from the page's State.
  receive(draft, sent) {
    if (draft.version < this.server.version) return;
    this.server = { ...this.server, ...draft };
    if (draft.tab === this.tab) {
      this.base = draft.version;
      if (draft.number > this.kept) [this.kept, this.since, this.isLate] = [draft.number, sent, false];
      if (this.kept >= this.number) this.settle();
      else this.copy();
    } else if (draft.subject === undefined || draft.version === this.base) {
      // The text is unchanged.
    } else if (this.kept >= this.number || same(draft, this.read())) {
      this.base = draft.version;
      if (this.kept >= this.number) this.put(draft);
    } else {
      [this.conflict, this.goesOn] = [draft, false];
    }
    this.redraw();
  }

  settle() {
    forget(this.key);
    latest.set(this.url, { ...this.server, ...this.read() });
    this.since = this.conflict = null;
    this.isLate = false;
    if (this.goesOn) this.on.goOn?.();
    this.goesOn = false;
  }

  keepMine() {
    this.base = this.conflict.version;
    this.conflict = null;
    this.copy();
    this.flush();
    this.redraw();
  }

  useTheirs() {
    this.put(this.conflict);
    this.base = this.conflict.version;
    this.kept = this.number;
    this.settle();
    this.reload();
    this.redraw();
  }

  // Begin the letter with `text`, but never in the place of a typed word. The browser's own undo takes it back.
  fill(text) {
    const { body } = this.fields;
    if (body.value.trim()) return;
    body.focus();
    body.select();
    if (document.execCommand("insertText", false, text)) return;
    body.value = text;
    this.change();
  }

  // CONTINUE: go on once every change is saved.
  goOn() {
    this.problem = "";
    this.goesOn = true;
    if (this.kept >= this.number) this.settle();
    else this.flush();
    this.redraw();
  }

  // Have the page's State reload the draft. One request at a time, as they would pile up while the socket is closed.
  reload() {
    this.reloadsAgain = Boolean(this.reloading);
    if (this.reloading) return;
    this.reloading = setTimeout(() => this.reloaded(), LATE);
    this.on.reload?.();
  }

  reloaded() {
    clearTimeout(this.reloading);
    this.reloading = 0;
    if (this.reloadsAgain) this.reload();
  }

  wake() {
    if (this.kept < this.number) this.flush();
    else this.reload();
  }

  tick() {
    if (this.kept < this.number && !this.isLate && Date.now() - this.since > LATE) {
      this.isLate = true;
      this.redraw();
    }
  }
}

const Face = createContext({ status: SAVED, figures: {} });

// The characters left and the cost, from the server's last answer.
export function MessageFigures() {
  const { left, is_over, cost, credits_after } = useContext(Face).figures;
  return jsx(Fragment, null,
    jsx("span", { id: "body-count", className: is_over ? "num over" : "num muted" }, left),
    jsx("span", { className: "num" }, jsx("strong", null, cost), jsx("span", { className: "muted" }, credits_after && " · ", credits_after)));
}

// Shows whether the message is saved, once there is one. A screen reader hears only that saving is late, and that it has recovered.
export function MessageStatus() {
  const { status, isBlank } = useContext(Face);
  const [wasLate, setWasLate] = useState(false);
  const isLate = ![SAVED, SAVING].includes(status);
  useEffect(() => {
    if (isLate) setWasLate(true);
  }, [isLate]);
  return jsx(
    "span",
    { className: isLate ? "unsaved" : "muted", "data-saved": status === SAVED },
    jsx("span", { "aria-hidden": true }, isBlank && status === SAVED ? "" : status),
    jsx("span", { className: "sr", role: "status" }, isLate || (wasLate && status === SAVED) ? status : ""),
  );
}

// Beginnings to choose from, as long as nothing is written.
export function MessageBeginnings({ beginnings }) {
  const { isEmpty, fill } = useContext(Face);
  if (!isEmpty || !beginnings.length) return null;
  return jsx("div", { className: "beginnings", role: "group", "aria-labelledby": "beginnings" },
    jsx("span", { id: "beginnings" }, _("Not sure how to begin?")),
    beginnings.map(({ name, text }) =>
      jsx("button", { key: name, type: "button", className: "btn btn-quiet btn-sm", onClick: () => fill(text) }, name)));
}

function Conflict({ other, onKeep, onUse }) {
  const button = (label, onClick, variant) => jsx("button", { type: "button", className: `btn ${variant}`, onClick }, label);
  const to = _("To {name}").replace("{name}", () => other.contact);
  return jsx(
    "section",
    { id: "conflict", tabIndex: -1, className: "card", "aria-label": CHANGED },
    jsx("div", { className: "card-body stack-sm" },
      jsx("p", { role: "alert", className: "strong" }, CHANGED),
      jsx("p", { className: "small muted" }, _("Nothing is lost. What you wrote here is in the fields below. This is what was written there:")),
      jsx("blockquote", { className: "other-words", dir: "auto" },
        other.contact && `${to}\n`, jsx("strong", null, other.subject || _("Without a subject")), "\n", other.body)),
    jsx("div", { className: "card-foot" }, button(_("Use the other"), onUse, "btn-quiet"), button(_("Keep what is here"), onKeep, "")),
  );
}

// Until the server answers, the page's State still holds the draft of the last page. The form is not shown meanwhile, as
// text typed into it would not reach the draft of this address.
export function MessageForm(props) {
  const { pathname } = useLocation();
  return pathname.split("/").includes(String(props.draft.id)) ? jsx(Fields, props) : null;
}

function Fields({ account, draft, figures, url, hasProblem, keepsNothing, focusesBody, onReload, onGoOn, children }) {
  const form = useRef(null);
  const [message] = useState(() => new Message(account, { ...draft, figures }, url, keepsNothing));
  const [{ status, problem, notice, conflict, figures: shown, isEmpty, isBlank }, show] = useState(message.face);

  useEffect(() => {
    message.on = { reload: () => onReload(), goOn: () => onGoOn() };
    message.hasProblem = hasProblem;
    message.contact = draft.contact_id;
  });
  useLayoutEffect(() => {
    message.show = show;
    message.begin(form.current);
    if (focusesBody && !window.frameElement) message.fields.body.focus();
    const wake = () => document.visibilityState === "visible" && message.wake();
    const leave = () => message.flush(true);
    // A shared tablet signs out only when this is done (`leaving.js`).
    const leaving = (event) => event.detail.push(message.flush(true));
    const heard = [[window, "online", wake], [window, "focus", wake], [document, "visibilitychange", wake], [window, "pagehide", leave], [window, "leaving", leaving]];
    for (const [where, what, then] of heard) where.addEventListener(what, then);
    return () => {
      for (const [where, what, then] of heard) where.removeEventListener(what, then);
      message.end();
    };
  }, [message]);
  useEffect(() => {
    message.reloaded();
    message.receive({ ...draft, figures });
    if (message.failures) message.flush();
  }, [message, draft, figures]);

  function change() {
    message.notice = "";
    message.change();
  }

  function submit(event) {
    event.preventDefault();
    if (message.conflict) document.getElementById("conflict").focus();
    else message.goOn();
  }

  const alert = (text, tone) => jsx("div", { className: `alert alert-${tone}`, role: "alert" }, text);
  return jsx(
    Face.Provider,
    { value: { status, figures: shown, isEmpty, isBlank, fill: (text) => message.fill(text) } },
    jsx(
      "form",
      { ref: form, className: "message-form", onInput: change, onBlur: () => message.flush(), onSubmit: submit, noValidate: true },
      problem && alert(problem, "bad"),
      notice && !conflict && alert(notice, "good"),
      conflict && jsx(Conflict, { other: conflict, onKeep: () => message.keepMine(), onUse: () => message.useTheirs() }),
      jsx("div", { key: "fields" }, children),
    ),
  );
}

// Text on this device that was not saved before its draft was sent or discarded elsewhere.
export function MessageLeftover({ account, draft, onUse }) {
  const [left, setLeft] = useState(() => leftovers(account, draft));
  const used = useRef("");
  useEffect(() => () => forget(used.current), []);
  if (!left.length) return null;
  const [{ key, subject, body }, ...rest] = left;

  function use() {
    used.current = key;
    onUse(subject, body);
  }

  function discard() {
    forget(key);
    setLeft(rest);
  }

  return jsx(
    "section",
    { className: "card" },
    jsx("div", { className: "card-body stack-sm" },
      jsx("p", { className: "strong" }, _("These words of yours came too late for it. They are kept on this device:")),
      jsx("blockquote", { className: "other-words", dir: "auto" }, jsx("strong", null, subject), "\n", body)),
    jsx("div", { className: "card-foot" },
      jsx("button", { type: "button", className: "btn btn-quiet", onClick: discard }, _("Discard")),
      jsx("button", { type: "button", className: "btn", onClick: use }, _("Write them in a new letter"))),
  );
}
