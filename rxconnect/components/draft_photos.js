// The photos of a draft. A file is sent as it is, with a key of its own, and sent again under the same key until the server has
// answered: so a broken connection neither loses a photo nor stores it twice. What is stored comes from the page's State.
import { jsx } from "@emotion/react";
import { useEffect, useRef, useState } from "react";

const ACCEPT = "image/jpeg,image/png,image/webp,image/gif,image/heic,image/heif,.heic,.heif";
// Uploads at once, tries of each, and milliseconds before the next try.
const [AT_ONCE, TRIES, RETRY, MAX_RETRY] = [2, 8, 1000, 8000];
const PAUSE = 600;
// A photo waits for the virus check: look again.
const LOOK_AGAIN = 20000;

const TOO_LARGE = _("This file is larger than 25 MB. Please choose a smaller copy of the photo.");
const NOT_SENT = _("This photo did not reach us. Please check your connection and try again.");
const FULL = _("A letter here has no room for more photos, so some were left out.");
const MOVED = _("{photo} is now number {place}.");

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
const pictures = (files) => Array.from(files ?? []).filter((file) => file.type.startsWith("image/") || /\.hei[cf]$/i.test(file.name));

// Uploads of one draft. They go on while React draws the page anew. One that is removed is dropped: nobody sees it any more, and
// the server is told under its key until it answers, since it may have the photo already from an earlier try.
class Uploads {
  constructor(show) {
    Object.assign(this, { list: [], show });
  }

  add(files, props, room) {
    const all = pictures(files);
    for (const file of all.slice(0, room)) {
      this.list.push({ key: newKey(), file, sent: 0, tries: 0, state: file.size > props.mostBytes ? "refused" : "waiting", problem: file.size > props.mostBytes ? TOO_LARGE : "" });
    }
    this.next(props.url);
    return all.length > room;
  }

  next(url) {
    for (const one of this.list.filter(({ state }) => state === "waiting")) {
      if (this.list.filter(({ state }) => state === "sending").length < AT_ONCE) this.send(one, url);
    }
    this.show([...this.list]);
  }

  send(one, url) {
    const request = new XMLHttpRequest();
    Object.assign(one, { state: "sending", request, tries: one.tries + 1, mayBeStored: true });
    request.open("POST", `${url}?key=${one.key}`);
    request.upload.onprogress = ({ loaded, total }) => {
      one.sent = total ? loaded / total : 0;
      this.show([...this.list]);
    };
    request.onload = () => this.answered(one, request.status, request.responseText, url);
    request.onerror = request.ontimeout = () => this.failed(one, url);
    request.timeout = 300000;
    request.send(one.file);
  }

  answered(one, status, text, url) {
    let told = {};
    try {
      told = JSON.parse(text);
    } catch {
      // A proxy answered with a page.
    }
    if (status === 200) Object.assign(one, { state: "stored", id: told.id });
    else if (status >= 500 || status === 408 || status === 429 && !told.problem) return this.failed(one, url, told.problem);
    else Object.assign(one, { state: "refused", problem: told.problem ?? (status === 413 ? TOO_LARGE : NOT_SENT), mayBeStored: false });
    // Also when the draft was sent or the sign-in has ended: the page's State finds out.
    this.onStored();
    this.next(url);
  }

  failed(one, url, problem = NOT_SENT) {
    if (one.tries < TRIES && this.list.includes(one)) {
      one.state = "again";
      setTimeout(() => {
        if (one.state === "again") one.state = "waiting";
        this.next(url);
      }, Math.min(RETRY * 2 ** (one.tries - 1), MAX_RETRY));
    } else Object.assign(one, { state: "refused", problem, canRetry: true });
    this.next(url);
  }

  again(one, url) {
    Object.assign(one, { state: "waiting", tries: 0, problem: "", canRetry: false });
    this.next(url);
  }

  drop(one, url) {
    one.request?.abort();
    if (!one.mayBeStored) return this.forget(one, url);
    Object.assign(one, { state: "dropping", tries: 0 });
    this.withdraw(one, url);
    this.next(url);
  }

  withdraw(one, url) {
    one.tries += 1;
    fetch(`${url}?key=${one.key}`, { method: "DELETE", keepalive: true })
      .then(({ status }) => status < 500 && ![408, 429].includes(status), () => false)
      .then((isDone) => {
        if (isDone || one.tries >= TRIES) {
          this.forget(one, url);
          // The page may show it already.
          this.onStored();
        } else setTimeout(() => this.withdraw(one, url), Math.min(RETRY * 2 ** (one.tries - 1), MAX_RETRY));
      });
  }

  forget(one, url) {
    this.list = this.list.filter((other) => other !== one);
    this.next(url);
  }

  settle(ids) {
    if (this.list.some(({ id }) => ids.includes(id))) {
      this.list = this.list.filter(({ id }) => !ids.includes(id));
      this.show([...this.list]);
    }
  }

  get isBusy() {
    return this.list.some(({ state }) => ["waiting", "sending", "again", "dropping"].includes(state));
  }
}

// The chosen file, drawn small. A browser that cannot read HEIC shows its name.
function Preview({ file }) {
  const canvas = useRef(null);
  useEffect(() => {
    createImageBitmap(file, { resizeWidth: 320, resizeQuality: "medium" }).then((bitmap) => {
      if (!canvas.current) return;
      Object.assign(canvas.current, { width: bitmap.width, height: bitmap.height });
      canvas.current.getContext("2d").drawImage(bitmap, 0, 0);
      bitmap.close();
    }, () => {});
  }, [file]);
  return jsx("canvas", { ref: canvas, className: "photo-picture", width: 4, height: 3, "aria-hidden": true });
}

function Upload({ one, url, uploads }) {
  const percent = Math.round(one.sent * 100);
  const doing = percent < 100 ? _("Sending") : _("Being prepared");
  return jsx("li", { className: "photo" },
    jsx(Preview, { file: one.file }),
    one.problem
      ? jsx("p", { className: "problem xs", role: "alert" }, one.problem)
      : jsx("label", { className: "xs muted num" }, doing, " ", percent < 100 && `${percent} %`, jsx("progress", { max: 100, value: percent, "aria-label": `${doing}: ${one.file.name}` })),
    jsx("span", { className: "xs muted photo-name" }, one.file.name),
    jsx("div", { className: "photo-actions" },
      one.canRetry && jsx("button", { type: "button", className: "btn btn-plain btn-sm", onClick: () => uploads.again(one, url) }, _("Try again")),
      jsx("button", { type: "button", className: "btn btn-plain btn-sm", onClick: () => uploads.drop(one, url), "aria-label": `${_("Remove")}: ${one.file.name}` }, _("Remove"))));
}

function Caption({ photo, max, onCaption }) {
  const field = useRef(null);
  const timer = useRef(0);
  const told = useRef(photo.caption);
  useEffect(() => {
    if (document.activeElement !== field.current) field.current.value = told.current = photo.caption;
  }, [photo.caption]);
  const tell = () => {
    clearTimeout(timer.current);
    if (field.current && field.current.value !== told.current) onCaption(photo.id, (told.current = field.current.value));
  };
  const typed = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(tell, PAUSE);
  };
  const press = (event) => {
    // It would send the whole form.
    if (event.key === "Enter") event.preventDefault();
  };
  return jsx("input", { ref: field, className: "input photo-caption", dir: "auto", maxLength: max, defaultValue: photo.caption, placeholder: _("Caption"),
    "aria-label": `${_("Caption")}: ${photo.label}`, autoComplete: "off", onChange: typed, onBlur: tell, onKeyDown: press });
}

function Stored({ photo, place, last, props, drag, onMove, onRemove }) {
  const move = (label, to, arrow) =>
    jsx("button", { type: "button", className: "btn btn-plain btn-sm photo-move", disabled: to < 1 || to > last, onClick: () => onMove(photo, to), "aria-label": `${label}: ${photo.label}` },
      jsx("span", { "aria-hidden": true }, arrow));
  const drop = (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (drag.current && drag.current.id !== photo.id) onMove(drag.current, place);
    drag.current = null;
  };
  return jsx("li", { className: "photo", onDragOver: (event) => drag.current && event.preventDefault(), onDrop: (event) => drag.current && drop(event) },
    photo.state === "refused"
      ? jsx("span", { className: "photo-picture photo-none", "aria-hidden": true })
      : jsx("img", { className: "photo-picture", src: props.address.replace("KEY", photo.key), alt: photo.label, width: photo.width, height: photo.height, draggable: true,
          onDragStart: () => (drag.current = photo), onDragEnd: () => (drag.current = null) }),
    photo.note && jsx("p", { className: "xs wait photo-note" }, photo.note),
    jsx(Caption, { photo, max: props.captionMax, onCaption: props.onCaption }),
    jsx("div", { className: "photo-actions" },
      last > 1 && move(_("Move earlier"), place - 1, "←"),
      last > 1 && move(_("Move later"), place + 1, "→"),
      jsx("button", { type: "button", className: "btn btn-plain btn-sm", onClick: () => onRemove(photo), "aria-label": `${_("Remove")}: ${photo.label}` }, _("Remove"))));
}

export function DraftPhotos(props) {
  const root = useRef(null);
  const drag = useRef(null);
  const goesOn = useRef(false);
  const [list, show] = useState([]);
  const [uploads] = useState(() => new Uploads(show));
  const [said, say] = useState("");
  const [isOver, setOver] = useState(false);
  const photos = props.photos ?? [];
  const waiting = list.filter(({ id }) => !photos.some((photo) => photo.id === id));
  const seen = waiting.filter(({ state }) => state !== "dropping");
  const room = Math.max(0, props.most - photos.length - waiting.filter(({ state }) => state !== "refused").length);
  const now = useRef(null);
  now.current = { props, room };

  const add = (files) => say(uploads.add(files, now.current.props, now.current.room) ? FULL : "");
  useEffect(() => {
    uploads.onStored = () => now.current.props.onStored();
  });
  useEffect(() => uploads.settle(photos.map(({ id }) => id)), [photos, uploads]);
  const isChecked = photos.some(({ state }) => state === "waiting");
  useEffect(() => {
    if (!isChecked) return undefined;
    const timer = setInterval(() => now.current.props.onStored(), LOOK_AGAIN);
    return () => clearInterval(timer);
  }, [isChecked]);
  useEffect(() => {
    // CONTINUE waits for the uploads, and then goes on by itself.
    if (goesOn.current && !uploads.isBusy) {
      goesOn.current = false;
      say("");
      if (!list.some(({ state }) => state === "refused")) root.current.closest("form")?.requestSubmit();
    }
  }, [list, uploads]);
  useEffect(() => {
    const form = root.current.closest("form");
    const hold = (event) => {
      if (!uploads.isBusy) return;
      event.preventDefault();
      event.stopPropagation();
      goesOn.current = true;
      say(_("Your photos are still on their way. We go on as soon as they are here."));
    };
    const paste = (event) => {
      if (!pictures(event.clipboardData?.files).length) return;
      event.preventDefault();
      add(event.clipboardData.files);
    };
    const over = (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      setOver(true);
    };
    const out = (event) => event.relatedTarget || setOver(false);
    const drop = (event) => {
      setOver(false);
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      add(event.dataTransfer.files);
    };
    const heard = [[form, "submit", hold, true], [document, "paste", paste], [document, "dragover", over], [document, "dragleave", out], [document, "drop", drop]];
    for (const [where, what, then, early] of heard) where?.addEventListener(what, then, early);
    return () => {
      for (const [where, what, then, early] of heard) where?.removeEventListener(what, then, early);
    };
  }, [uploads]);

  const move = (photo, place) => {
    props.onMove(photo.id, place);
    say(MOVED.replace("{photo}", () => photo.label).replace("{place}", place));
  };
  const choose = (label, id, more, variant) =>
    jsx("label", { className: `btn btn-quiet btn-sm photo-choose ${variant}` },
      jsx("input", { id, type: "file", accept: ACCEPT, className: "sr", disabled: room < 1, ...more, onChange: (event) => {
        add(event.target.files);
        event.target.value = "";
      } }), label);
  if (!props.most && !photos.length) {
    return jsx("p", { ref: root, className: "small muted photo-panel" }, _("This facility takes no photos."));
  }
  const count = _("{count} of {most} photos").replace("{count}", photos.length).replace("{most}", props.most);
  const quiet = (event) => event.stopPropagation();
  return jsx("section", { ref: root, className: isOver ? "card photo-panel is-over" : "card photo-panel", "aria-label": _("Photos"), onInput: quiet },
    jsx("div", { className: "photo-head" },
      jsx("h2", null, _("Photos")),
      jsx("span", { className: "small muted num" }, count, " · ", props.price)),
    (photos.length > 0 || seen.length > 0) && jsx("ul", { className: "photo-grid" },
      photos.map((photo, index) => jsx(Stored, { key: photo.id, photo, place: index + 1, last: photos.length, props, drag, onMove: move, onRemove: ({ id }) => props.onRemove(id) })),
      seen.map((one) => jsx(Upload, { key: one.key, one, url: props.url, uploads }))),
    jsx("div", { className: "row photo-add" },
      choose(_("Add photos"), "add-photos", { multiple: true }, ""),
      choose(_("Take a photo"), "take-photo", { capture: "environment" }, "photo-camera"),
      jsx("span", { className: "xs muted photo-hint" }, props.hint)),
    jsx("p", { className: said ? "small" : "sr", role: "status" }, said));
}
