// The strip at the top of every page of a demo session. It names the driver, has the controls of one's own seat, and shows the
// driver and the trainer the next step of the scenario.
import { jsx } from "@emotion/react";
import { Fragment, useEffect, useLayoutEffect, useState } from "react";
import { createPortal } from "react-dom";
import { useLocation, useNavigate } from "react-router";
import { eventLoop } from "$/utils/context-registry";
import { ReflexEvent } from "$/utils/state";
import { STRIP, isFrame, useHandsOff, useLooking, useMirror, useTelling } from "./following.js";

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

// Marks the control of the next step: of several, the last one that the page shows, since the second comes with the press of
// the first. A stylesheet does it, since controls come and go.
function useMark(marks) {
  useEffect(() => {
    if (!marks) return;
    const controls = marks.split(" ").map((mark) => `:is(#${CSS.escape(mark)}, [data-mark=${CSS.escape(mark)}])`);
    const rules = controls.map((control, place) => {
      const later = controls.slice(place + 1);
      const scope = later.length ? `:root:not(:has(${later.join(", ")})) ` : "";
      return `${scope}${control} { outline: 3px dashed var(--wait); outline-offset: 4px; }`;
    });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules.join("\n"));
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
    };
  }, [marks]);
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

// Whether a path is of this route, such as /compose/[draft_id].
const isAt = (route, path) => !!route && new RegExp(`^${route.replace(/\[.*?\]/g, "[^/]+")}/?$`).test(path);

// The one press that leads to the next step: to its seat, or else to its page.
function Way({ step, me, people, onBegin }) {
  const [navigate, { pathname }] = [useNavigate(), useLocation()];
  if (!me.acts) return null;
  if (step.seat && step.seat !== me.kind) {
    const there = people.find(({ kind, acts, is_me: isMe }) => kind === step.seat && acts && !isMe);
    if (there) return jsx("p", { className: "small" }, named(_("{name} has this seat."), there.name));
    return me.is_trainer ? jsx(Button, { label: step.take, variant: "", onPress: () => onBegin(step.number) }) : null;
  }
  // One thing is also found on the pages below that of the list, such as a conversation.
  const isBelow = step.at !== step.page && pathname.startsWith(`${step.page}/`);
  if (!step.page || step.page === pathname || isBelow || isAt(step.at, pathname)) return null;
  return jsx(Button, { label: _("Go there"), variant: "", onPress: () => navigate(step.page) });
}

function Guide({ steps, step, ...way }) {
  const [isOpen, setIsOpen] = useState(() => isGuideOpen ?? matchMedia(WIDE).matches);
  const toggle = (event) => setIsOpen((isGuideOpen = event.currentTarget.open));
  // While the seat is to be taken, that is the next press.
  useMark(!step.seat || step.seat === way.me.kind ? step.mark : "");
  const place = _("Step {number} of {count}").replace("{number}", step.number).replace("{count}", steps.length);
  return jsx(
    "aside",
    { "aria-label": GUIDE },
    jsx(
      "details",
      { className: "strip-guide", open: isOpen, onToggle: toggle },
      jsx("summary", null, place),
      jsx("p", { className: "strong" }, step.do),
      jsx(Way, { step, ...way }),
      step.say && jsx("blockquote", null, step.say),
    ),
  );
}

// What stands in the guide's place when every step was shown.
function Shown({ count, onRoom }) {
  return jsx(
    "aside",
    { "aria-label": GUIDE },
    jsx(
      "div",
      { className: "strip-guide strip-shown" },
      jsx("p", { className: "strong", role: "status" }, _("All {count} steps were shown.").replace("{count}", count)),
      jsx(Button, { label: _("End the session, or show something else"), variant: "", onPress: onRoom }),
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

function tone({ acts, follows, sees_name: seen, kind_label: seat }, everyoneActs) {
  if (acts) return ["drive", everyoneActs ? named(_("Everyone acts. Your seat: {name}"), seat) : _("You drive")];
  return follows ? ["follow", named(_("Following {name}"), seen)] : ["look", _("You look around")];
}

// The trainer may be alone, and a scenario may need another account.
function Kinds({ kinds, kind, onTake }) {
  const choices = kinds.map(({ kind: value, label }) => jsx("option", { key: value, value }, label));
  const onChange = (event) => onTake(event.target.value);
  return jsx("select", { className: "input strip-kinds", "aria-label": _("Your seat"), value: kind, onChange }, choices);
}

// A frame of the split view shows nothing but the page. Its window has the strip.
function Frame() {
  useMirror(true);
  useHandsOff(true, () => {});
  return null;
}

function Bar({ state, home, room, judge, view, problem }) {
  const { code, driver, me, people, steps, kinds, judging, is_paused: isPaused, everyone_acts: everyoneActs } = view;
  // The click makes the connection treat this as a press, which is refused when the server cannot be reached.
  const send = (handler, payload) => eventLoop.addEvents([ReflexEvent(`${state}.${handler}`, payload)], [{ type: "click" }]);
  const stepOut = () => send("stop_following");
  const give = (id) => send("hand_over_wheel", { seat_id: id });
  const [look, words] = tone(me, everyoneActs);
  const isGuided = (me.acts || me.is_trainer) && steps.length > 0;
  const step = isGuided && steps.find((one) => one.is_next);
  const goToRoom = () => location.assign(home);

  useMirror(me.follows, room);
  useTelling(me.can_be_followed);
  useLooking(me.can_be_followed);
  useHandsOff(me.follows, stepOut);
  useTitle();
  useLayoutEffect(() => {
    if (!place.isConnected) document.body.prepend(place);
    Object.assign(place, { id: STRIP, className: `${STRIP} ${look}` });
  }, [look]);

  const actions = [
    me.follows && jsx(Button, { key: "look", label: _("Look around"), onPress: stepOut }),
    look === "look" && jsx(Button, { key: "back", label: named(_("Back to {name}"), driver), variant: "", onPress: () => send("follow_driver") }),
    me.may_drive && !me.drives && !me.is_trainer && !me.asks && !everyoneActs && jsx(Button, { key: "ask", label: _("Ask for the wheel"), onPress: () => send("ask_for_wheel") }),
    me.is_trainer && me.acts && jsx(Kinds, { key: "kind", kinds, kind: me.kind, onTake: (kind) => send("change_seat_kind", { kind }) }),
    me.is_trainer && !me.drives && !everyoneActs && jsx(Button, { key: "take", label: _("Take the wheel"), onPress: () => give(me.id) }),
    judging && !judging.is_over && jsx(Button, { key: "judge", label: _("Judge the letters"), variant: "", onPress: () => location.assign(judge) }),
    // This is not a link, since the page's skip link must be the first one.
    jsx(Button, { key: "room", label: _("Room"), onPress: goToRoom }),
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
          jsx("span", { role: "status" }, words, isPaused && ` · ${PAUSED}`),
        ),
        jsx(Asking, { people: asking, onGive: give }),
        jsx("div", { className: "strip-actions" }, actions),
        // It is always there, so that a new sentence is announced.
        jsx("p", { className: "strip-news", role: "status" }, view.news),
        problem && jsx("p", { role: "alert" }, problem),
      ),
      step && jsx(Guide, { steps, step, me, people, onBegin: (number) => send("begin_step", { number }) }),
      isGuided && !step && me.is_trainer && jsx(Shown, { count: steps.length, onRoom: goToRoom }),
    ),
    place,
  );
}

export default isFrame ? Frame : Bar;
