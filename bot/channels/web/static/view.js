// What is shown: messages in their order, the times between them, what waits, typing, notices, the line that says how things stand.

import { element, message, when } from "./draw.js";
import { identity, online, queue, retry, unsent } from "./link.js";

const GAP = 5 * 60 * 1000; // A line with the time stands where so much lies between two messages.
const NEAR = 120; // Pixels from the end within which the newest message is followed.
const PRESSED = 15000; // A pressed button that nothing answers is free again.

export const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
export const at = (id) => document.getElementById(id);
const talk = at("talk"), log = at("log");
const entries = new Map();
let unread = 0, notice = 0;

export function nearEnd() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < NEAR;
}

export function toEnd() {
  talk.scrollTop = talk.scrollHeight;
  at("newest").hidden = true;
}

/** Add a message, or draw the one of its id anew. */
export function put(entry) {
  const follow = nearEnd() || entry.mine;
  const old = at(`m-${entry.id}`);
  const focused = old?.contains(document.activeElement);
  const drawn = message(entry, words, press);
  entries.set(entry.id, entry);
  if (old) old.replaceWith(drawn);
  else {
    drawn.classList.add("new");
    log.append(drawn);
  }
  if (focused) (drawn.querySelector(".key") || at("text")).focus({ preventScroll: true });
  settle();
  for (const picture of drawn.querySelectorAll(".picture img")) picture.addEventListener("load", () => { if (follow) toEnd(); });
  if (follow) toEnd();
  else at("newest").hidden = false;
  if (!old && !entry.mine && document.hidden) badge(unread + 1);
}

export function drop(gone) {
  entries.delete(gone.id);
  at(`m-${gone.id}`)?.remove();
  settle();
}

/** Take in all that the server knows; with `whole`, what it does not know goes, but for what waits to be sent. */
export function snapshot(known, whole) {
  const kept = new Set([...known, ...unsent].map((entry) => entry.id));
  if (whole) for (const id of [...entries.keys()]) if (!kept.has(id)) drop({ id });
  // An old conversation is not read out as if it were news.
  log.setAttribute("aria-live", "off");
  for (const entry of known) put(entry);
  toEnd();
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
}

// Only what differs is touched, so a screen reader is told of nothing twice.
function settle() {
  let before = 0, side = null;
  for (const row of log.querySelectorAll(".row")) {
    const time = Number(row.dataset.at), mine = row.classList.contains("mine");
    const apart = time - before > GAP;
    const line = row.previousElementSibling?.classList.contains("when") ? row.previousElementSibling : null;
    if (apart) {
      const said = when(time, words, language);
      if (!line) row.before(element("li", "when", said));
      else if (line.textContent !== said) line.textContent = said;
    } else line?.remove();
    row.classList.toggle("again", !apart && side === mine);
    side = mine;
    before = time;
    fate(row);
  }
  if (log.lastElementChild?.classList.contains("when")) log.lastElementChild.remove();
  at("welcome").hidden = entries.size > 0;
}

// Under a message of one's own: that it waits, or why it was not taken.
function fate(row) {
  const letter = unsent.find((one) => one.kind !== "press" && `m-${one.id}` === row.id);
  const said = letter?.error || (letter && !online ? words.waiting : "");
  const old = row.querySelector(".fate");
  if (old?.dataset.said === said) return;
  old?.remove();
  if (!said) return;
  const line = element("div", "fate", said);
  line.dataset.said = said;
  if (letter.error) {
    line.classList.add("bad");
    const button = element("button", "retry", words.retry);
    button.type = "button";
    button.addEventListener("click", () => retry(letter));
    line.append(button);
  }
  row.querySelector(".column").append(line);
}

function press(entry, button, key) {
  if (key.classList.contains("busy")) return;
  key.classList.add("busy");
  key.setAttribute("aria-busy", "true");
  setTimeout(() => free(key), PRESSED);
  queue({ kind: "press", id: identity(), body: { remote: entry.id, action: button.action } });
}

function free(key) {
  key.classList.remove("busy");
  key.removeAttribute("aria-busy");
}

function state(said, good) {
  const line = at("state");
  if (line.textContent !== said) line.textContent = said;
  line.classList.toggle("off", !good);
}

/** How things stand: connected or not, typing or not, and what waits. */
export function changed() {
  state(!online ? words.connecting : at("typing").hidden ? words.subtitle : words.typing, online);
  // Read out is only that the server is gone, not every change of the line.
  at("spoken").textContent = online ? "" : words.connecting;
  settle();
}

export function typing(on) {
  const follow = nearEnd();
  at("typing").hidden = !on;
  if (!on) for (const key of log.querySelectorAll(".key.busy")) free(key);
  if (follow) toEnd();
  changed();
}

export function sleeping() {
  state(words.sleeping, false);
}

export function refused(why) {
  state(why, false);
  toast({ text: why });
}

export function toast({ text }) {
  const line = at("toast");
  line.textContent = text;
  line.hidden = false;
  clearTimeout(notice);
  notice = setTimeout(() => { line.hidden = true; }, Math.min(12000, 3500 + 60 * text.length));
}

/** The number of unread messages in the window's title; 0 for none. */
export function badge(count) {
  unread = count;
  document.title = count ? `(${count}) ${words.title}` : words.title;
}
