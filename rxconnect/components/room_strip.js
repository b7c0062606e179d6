// The strip at the top of every page of a demo session. It names the driver, has the controls of one's own seat, and shows the
// driver and the trainer the next step of the scenario.
import { jsx } from "@emotion/react";
import { Fragment, useEffect, useLayoutEffect, useState } from "react";
import { createPortal } from "react-dom";
import { eventLoop } from "$/utils/context-registry";
import { ReflexEvent } from "$/utils/state";
import { STRIP, useHandsOff, useMirror, useTelling } from "./following.js";

const [DEMONSTRATION, PAUSED, GUIDE] = [_("Demonstration"), _("Paused"), _("What comes next")];
const TITLED = `${DEMONSTRATION} · `;
// From this width on, the guide fits beside the page.
const WIDE = "(min-width: 1100px)";

// The strip comes first in the page, so that it does not cover the bar at the bottom of a phone.
const place = typeof document === "undefined" ? null : document.createElement("div");
// Whether the guide was open on the previous page.
let isGuideOpen = null;

const named = (sentence, name) => sentence.replace("{name}", () => name);

function Button({ label, variant = "btn-quiet", onPress }) {
  return jsx("button", { type: "button", className: `btn btn-sm ${variant}`, onClick: onPress }, label);
}

// Marks the control of the next step. A stylesheet does it, since the control may come and go with its page.
function useMark(id) {
  useEffect(() => {
    if (!id) return;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`#${CSS.escape(id)} { outline: 3px dashed var(--wait); outline-offset: 4px; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, [id]);
}

// Keeps the prefix in the title, which each page sets itself.
function useTitle() {
  useEffect(() => {
    const mark = () => {
      if (!document.title.startsWith(TITLED)) document.title = TITLED + document.title;
    };
    mark();
    const watcher = new MutationObserver(mark);
    watcher.observe(document.head, { childList: true, subtree: true, characterData: true });
    return () => watcher.disconnect();
  }, []);
}

function Guide({ steps, step }) {
  const [isOpen, setIsOpen] = useState(() => isGuideOpen ?? matchMedia(WIDE).matches);
  const toggle = (event) => setIsOpen((isGuideOpen = event.currentTarget.open));
  useMark(step.mark);
  const place = _("Step {number} of {count}").replace("{number}", step.number).replace("{count}", steps.length);
  return jsx(
    "aside",
    { "aria-label": GUIDE },
    jsx(
      "details",
      { className: "strip-guide", open: isOpen, onToggle: toggle },
      jsx("summary", null, place),
      jsx("p", { className: "strong" }, step.do),
      step.say && jsx("blockquote", null, step.say),
    ),
  );
}

// The people who ask for the wheel, shown to those who can hand it over.
function Asking({ people, onGive }) {
  return people.map(({ id, name }) =>
    jsx(
      "span",
      { key: id, className: "strip-asks" },
      named(_("{name} asks for the wheel."), name),
      jsx(Button, { label: _("Hand over"), onPress: () => onGive(id) }),
    ),
  );
}

function tone({ drives, follows }) {
  if (drives) return ["drive", _("You drive")];
  return follows ? ["follow", _("Following {name}")] : ["look", _("You look around")];
}

export default function Strip({ state, home, view, problem }) {
  const { code, driver, me, people, steps, is_paused: isPaused } = view;
  // The click makes the connection treat this as a press, which is refused when the server cannot be reached.
  const send = (handler, payload) => eventLoop.addEvents([ReflexEvent(`${state}.${handler}`, payload)], [{ type: "click" }]);
  const stepOut = () => send("stop_following");
  const give = (id) => send("hand_over_wheel", { seat_id: id });
  const [look, words] = tone(me);
  const other = me.kind === "staff" ? { kind: "family", label: _("Family's seat") } : { kind: "staff", label: _("Staff's seat") };
  const step = (me.drives || me.is_trainer) && steps.find((one) => one.is_next);

  useMirror(me.follows);
  useTelling(me.drives);
  useHandsOff(me.follows, stepOut);
  useTitle();
  useLayoutEffect(() => {
    if (!place.isConnected) document.body.prepend(place);
    Object.assign(place, { id: STRIP, className: `${STRIP} ${look}` });
  }, [look]);

  const actions = [
    me.follows && jsx(Button, { key: "look", label: _("Look around"), onPress: stepOut }),
    look === "look" && jsx(Button, { key: "back", label: named(_("Back to {name}"), driver), variant: "", onPress: () => send("follow_driver") }),
    me.may_drive && !me.drives && !me.is_trainer && !me.asks && jsx(Button, { key: "ask", label: _("Ask for the wheel"), onPress: () => send("ask_for_wheel") }),
    // A scenario may need the other account, and the trainer may be alone.
    me.is_trainer && me.drives && jsx(Button, { key: "kind", label: other.label, onPress: () => send("change_seat_kind", { kind: other.kind }) }),
    me.is_trainer && !me.drives && jsx(Button, { key: "take", label: _("Take the wheel"), onPress: () => give(me.id) }),
    // This is not a link, since the page's skip link must be the first one.
    jsx(Button, { key: "room", label: _("Room"), onPress: () => location.assign(home) }),
    me.asks && jsx("span", { key: "asked" }, _("You have asked for the wheel.")),
  ];
  const asking = me.drives || me.is_trainer ? people.filter(({ asks, is_me: isMe }) => asks && !isMe) : [];

  return createPortal(
    jsx(
      Fragment,
      null,
      jsx(
        "section",
        { className: "strip-bar", "aria-label": DEMONSTRATION },
        jsx(
          "p",
          null,
          jsx("strong", null, DEMONSTRATION),
          " · ",
          jsx("span", { className: "num" }, code),
          " · ",
          jsx("span", { role: "status" }, named(words, driver), isPaused && ` · ${PAUSED}`),
        ),
        jsx(Asking, { people: asking, onGive: give }),
        jsx("div", { className: "strip-actions" }, actions),
        problem && jsx("p", { role: "alert" }, problem),
      ),
      step && jsx(Guide, { steps, step }),
    ),
    place,
  );
}
