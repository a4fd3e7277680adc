// The page's behaviour: what is typed goes out and is kept until the server has it, what the bot says comes in as server-sent events.

import { element, message, when } from "./draw.js";

const words = JSON.parse(document.body.dataset.words);
const language = document.documentElement.lang;
const at = (id) => document.getElementById(id);
const talk = at("talk"), log = at("log"), text = at("text"), send = at("send");
const GAP = 5 * 60 * 1000; // A line with the time stands where so much time lies between two messages.
const KEEP = "planbot.unsent";
const SLOWEST = 8000;

const entries = new Map();
const unsent = restore();
let epoch = "", last = "", source = null, pause = 500, timer = 0, online = false, sending = false, composing = false, unread = 0;

function identity() {
  return "c" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What is shown

function nearEnd() {
  return talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;
}

function toEnd() {
  talk.scrollTop = talk.scrollHeight;
  at("newest").hidden = true;
}

function put(entry) {
  const follow = nearEnd() || entry.mine;
  const known = at(`m-${entry.id}`);
  const focused = known && known.contains(document.activeElement);
  entries.set(entry.id, entry);
  const drawn = message(entry, words, press);
  if (known) known.replaceWith(drawn);
  else {
    drawn.classList.add("new");
    log.append(drawn);
  }
  if (focused) (drawn.querySelector(".key") || text).focus({ preventScroll: true });
  settle();
  if (follow) toEnd();
  else at("newest").hidden = false;
  if (!known && !entry.mine && document.hidden) badge(unread + 1);
}

function drop(id) {
  entries.delete(id);
  at(`m-${id}`)?.remove();
  settle();
}

// Times between messages, messages that belong together, and what still waits to be sent.
function settle() {
  for (const line of log.querySelectorAll(".when")) line.remove();
  let before = 0, side = "";
  for (const row of [...log.querySelectorAll(".row")]) {
    const time = Number(row.dataset.at);
    const apart = time - before > GAP;
    if (apart) {
      const line = element("li", "when", when(time, words, language));
      row.before(line);
    }
    const mine = row.classList.contains("mine");
    row.classList.toggle("again", !apart && side === mine);
    side = mine;
    before = time;
  }
  for (const row of log.querySelectorAll(".fate")) row.remove();
  for (const letter of unsent) {
    const row = at(`m-${letter.id}`);
    if (!row || letter.kind === "press") continue;
    const fate = element("div", "fate", letter.error || words.waiting);
    if (letter.error) {
      fate.classList.add("bad");
      const again = element("button", "again", words.retry);
      again.type = "button";
      again.addEventListener("click", () => { letter.error = ""; flush(); });
      fate.append(again);
    } else if (online) continue;
    row.querySelector(".column").append(fate);
  }
  at("welcome").hidden = entries.size > 0;
  document.body.classList.toggle("begun", entries.size > 0);
}

function state() {
  const typing = !at("typing").hidden;
  const line = at("state");
  const said = !online ? words.connecting : typing ? words.typing : words.subtitle;
  if (line.textContent !== said) line.textContent = said;
  line.classList.toggle("off", !online);
  document.body.classList.toggle("offline", !online);
}

function typing(on) {
  const follow = nearEnd();
  at("typing").hidden = !on;
  if (!on) for (const key of log.querySelectorAll(".key.busy")) free(key);
  if (follow) toEnd();
  state();
}

function toast(said) {
  const notice = at("toast");
  notice.textContent = said;
  notice.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { notice.hidden = true; }, Math.min(12000, 3500 + 60 * said.length));
}

function badge(count) {
  unread = count;
  document.title = count ? `(${count}) ${words.title}` : words.title;
}

// What comes in

async function connect() {
  clearTimeout(timer);
  source?.close();
  source = null;
  try {
    const answer = await fetch("hello", { method: "POST" });
    if (!answer.ok) return refused(await answer.text());
  } catch {
    return again();
  }
  const stream = source = new EventSource(`events?after=${encodeURIComponent(last)}`);
  const on = (kind, act) => stream.addEventListener(kind, (event) => {
    if (stream !== source) return;
    if (event.lastEventId) last = event.lastEventId;
    act(JSON.parse(event.data));
  });
  stream.onopen = () => { pause = 500; };
  stream.onerror = () => { if (stream === source) again(); };
  on("snapshot", (whole) => {
    // After a restart the server has forgotten what this page still shows: keep it, and take in what is new.
    if (whole.epoch === epoch || !epoch) {
      for (const id of [...entries.keys()]) if (!whole.entries.some((entry) => entry.id === id) && !waits(id)) drop(id);
    }
    epoch = whole.epoch;
    for (const entry of whole.entries) put(entry);
  });
  on("put", put);
  on("drop", (gone) => drop(gone.id));
  on("toast", (notice) => toast(notice.text));
  on("typing", (sign) => { connected(); typing(sign.on); });
  on("bye", () => {
    // Another page of this browser took this one's place; it comes back when it is looked at.
    stream.close();
    source = null;
    online = false;
    at("state").textContent = words.sleeping;
  });
}

function connected() {
  if (online) return;
  online = true;
  state();
  settle();
  flush();
}

function again() {
  source?.close();
  source = null;
  online = false;
  typing(false);
  settle();
  clearTimeout(timer);
  timer = setTimeout(connect, pause * (0.7 + 0.6 * Math.random()));
  pause = Math.min(SLOWEST, pause * 2);
}

function refused(why) {
  online = false;
  at("state").textContent = why;
  at("state").classList.add("off");
  toast(why);
}

// What goes out

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(KEEP) || "[]");
  } catch {
    return [];
  }
}

function keep() {
  // Files cannot be kept over a reload; their letters live as long as the page.
  const kept = unsent.filter((letter) => letter.kind !== "file");
  try {
    sessionStorage.setItem(KEEP, JSON.stringify(kept));
  } catch {
    // A browser that stores nothing still sends.
  }
}

function waits(id) {
  return unsent.some((letter) => letter.id === id);
}

function post(letter) {
  if (letter.kind === "file") {
    const address = `file?id=${letter.id}&name=${encodeURIComponent(letter.file.name)}`;
    return fetch(address, { method: "POST", body: letter.file, headers: { "content-type": letter.file.type || "application/octet-stream" } });
  }
  const { kind, id, body } = letter;
  return fetch(kind, { method: "POST", body: JSON.stringify({ id, ...body }), headers: { "content-type": "application/json" } });
}

// One after the other; a letter leaves the list only when the server has said that it has it. Its id makes a second try harmless.
async function flush() {
  if (sending || !online) return;
  sending = true;
  try {
    for (;;) {
      const letter = unsent.find((one) => !one.error);
      if (!letter) break;
      const answer = await post(letter);
      if (answer.status === 429 || answer.status >= 500) {
        const seconds = Number(answer.headers.get("retry-after")) || 2;
        setTimeout(flush, seconds * 1000);
        break;
      }
      if (answer.ok || letter.kind === "press") unsent.splice(unsent.indexOf(letter), 1);
      if (!answer.ok) {
        const why = await answer.text();
        if (letter.kind === "press") toast(why), typing(false);
        else letter.error = why || words.failed;
      }
      keep();
      settle();
    }
  } catch {
    again();
  } finally {
    sending = false;
  }
}

function queue(letter) {
  unsent.push(letter);
  keep();
  settle();
  flush();
}

function say(said) {
  if (!said.trim()) return;
  const id = identity();
  put({ id, mine: true, text: said.trim(), at: Date.now(), buttons: [], files: [] });
  queue({ kind: "say", id, body: { text: said } });
}

function upload(file) {
  const id = identity();
  put({ id, mine: true, text: "", at: Date.now(), buttons: [], files: [{ id: "", name: file.name, mime: file.type, size: file.size }] });
  queue({ kind: "file", id, file });
}

function press(entry, button, key) {
  if (key.classList.contains("busy")) return;
  key.classList.add("busy");
  key.setAttribute("aria-busy", "true");
  setTimeout(() => free(key), 15000);
  queue({ kind: "press", id: identity(), body: { remote: entry.id, action: button.action } });
}

function free(key) {
  key.classList.remove("busy");
  key.removeAttribute("aria-busy");
}

// The composer

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  send.disabled = !text.value.trim();
}

text.addEventListener("input", grow);
text.addEventListener("compositionstart", () => { composing = true; });
text.addEventListener("compositionend", () => { composing = false; });
text.addEventListener("keydown", (event) => {
  // Enter that ends the composition of a Chinese word belongs to the input method; some browsers say so only by code 229.
  if (event.key !== "Enter" || event.shiftKey || composing || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  at("composer").requestSubmit();
});
at("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const said = text.value;
  text.value = "";
  grow();
  say(said);
});
at("examples").addEventListener("click", (event) => {
  const said = event.target.closest("button")?.dataset.say;
  if (said) say(said), text.focus({ preventScroll: true });
});
at("attach").addEventListener("click", () => at("file").click());
at("file").addEventListener("change", (event) => {
  for (const file of event.target.files) upload(file);
  event.target.value = "";
});
text.addEventListener("paste", (event) => {
  const pasted = [...(event.clipboardData?.files || [])];
  if (pasted.length) event.preventDefault();
  pasted.forEach(upload);
});
let over = 0;
addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) over += 1, at("drop").hidden = false; });
addEventListener("dragleave", () => { over = Math.max(0, over - 1); at("drop").hidden = over === 0; });
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  over = 0;
  at("drop").hidden = true;
  for (const file of event.dataTransfer?.files || []) upload(file);
});

// The menu of commands

async function openMenu() {
  const menu = at("choices");
  if (!menu.hidden) return closeMenu();
  let commands = [];
  try {
    commands = await (await fetch("menu")).json();
  } catch {
    return;
  }
  menu.replaceChildren(...commands.map((entry) => {
    const choice = element("button", "choice");
    choice.type = "button";
    choice.setAttribute("role", "menuitem");
    choice.append(element("span", "what", entry.text), element("span", "command", entry.command));
    choice.addEventListener("click", () => { closeMenu(); say(entry.command); });
    return choice;
  }));
  menu.hidden = commands.length === 0;
  at("menu").setAttribute("aria-expanded", String(!menu.hidden));
  menu.firstElementChild?.focus();
}

function closeMenu() {
  at("choices").hidden = true;
  at("menu").setAttribute("aria-expanded", "false");
  text.focus({ preventScroll: true });
}

at("menu").addEventListener("click", openMenu);
at("choices").addEventListener("keydown", (event) => {
  const choices = [...at("choices").children], here = choices.indexOf(document.activeElement);
  if (event.key === "Escape") closeMenu();
  if (event.key === "ArrowDown") choices[(here + 1) % choices.length]?.focus();
  if (event.key === "ArrowUp") choices[(here - 1 + choices.length) % choices.length]?.focus();
  if (event.key.startsWith("Arrow")) event.preventDefault();
});
document.addEventListener("pointerdown", (event) => {
  if (!at("choices").hidden && !event.target.closest("#choices, #menu")) closeMenu();
});

// The window

talk.addEventListener("scroll", () => { if (nearEnd()) at("newest").hidden = true; }, { passive: true });
at("newest").addEventListener("click", toEnd);
addEventListener("online", connect);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  badge(0);
  if (!source) connect();
});
new ResizeObserver(() => { if (nearEnd()) toEnd(); }).observe(talk);

for (const letter of unsent) {
  if (letter.kind === "say") put({ id: letter.id, mine: true, text: letter.body.text, at: Date.now(), buttons: [], files: [] });
}
settle();
grow();
connect();
if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
