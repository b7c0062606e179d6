// The photos of the letter that is open at the desk. They may be blurred until somebody asks to see them, and shown in grey: the
// reviewer chooses, and this browser remembers the choice.
import { jsx } from "@emotion/react";
import { useState } from "react";

const [BLUR, GREY] = ["rxconnect-photos-clear", "rxconnect-photos-grey"];

function kept(name) {
  try {
    return localStorage.getItem(name) === "1";
  } catch {
    return false;
  }
}

function keep(name, on) {
  try {
    localStorage.setItem(name, on ? "1" : "");
  } catch {
    // Without storage, the choice holds until the page is left.
  }
}

export function DeskPhotos({ photos, view, full, shortcut }) {
  const [isBlurred, blur] = useState(() => !kept(BLUR));
  const [isGrey, grey] = useState(() => kept(GREY));
  const [seen, see] = useState([]);
  const all = photos.map(({ id }) => id);
  const isHidden = (id) => isBlurred && !seen.includes(id);
  const toggle = (id) => see(seen.includes(id) ? seen.filter((other) => other !== id) : [...seen, id]);
  const choice = (label, on, change) =>
    jsx("label", { className: "check" }, jsx("input", { type: "checkbox", checked: on, onChange: (event) => change(event.target.checked) }), jsx("span", null, label));
  const photo = (one) =>
    jsx("li", { key: one.id },
      jsx("figure", { className: isHidden(one.id) ? "is-hidden" : "" },
        jsx("img", { src: view.replace("KEY", one.key), alt: one.label, width: one.width, height: one.height, decoding: "async" }),
        jsx("figcaption", null,
          jsx("span", { className: "small" }, one.label, one.status_label && ` · ${one.status_label}`),
          isBlurred && jsx("button", { type: "button", className: "btn btn-plain btn-sm", "aria-pressed": !isHidden(one.id), onClick: () => toggle(one.id), "aria-label": `${_("Show")}: ${one.label}` }, isHidden(one.id) ? _("Show") : _("Blur")),
          jsx("a", { href: full.replace("KEY", one.key), target: "_blank", rel: "noreferrer", className: "small", "aria-label": `${_("Larger")}: ${one.label}` }, _("Larger")))));
  return jsx("section", { className: isGrey ? "card desk-photos is-grey" : "card desk-photos", "aria-label": _("Photos") },
    jsx("div", { className: "row" },
      isBlurred && jsx("button", { type: "button", className: "btn btn-quiet btn-sm", "aria-keyshortcuts": shortcut, onClick: () => see(seen.length < all.length ? all : []) },
        jsx("span", null, seen.length < all.length ? _("Show all photos") : _("Blur them again")), jsx("kbd", { "aria-hidden": true }, shortcut.toUpperCase())),
      choice(_("Blur photos first"), isBlurred, (on) => {
        keep(BLUR, !on);
        blur(on);
        see([]);
      }),
      choice(_("Show photos in grey"), isGrey, (on) => {
        keep(GREY, on);
        grey(on);
      })),
    jsx("ul", null, photos.map(photo)));
}
