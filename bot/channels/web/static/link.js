// The link to the server: what the bot says comes in as server-sent events, what is said here goes out and is kept until the server has it.

const KEEP = "planbot.unsent";
const FIRST_PAUSE = 500; // Milliseconds before the second try to connect; doubled with each.
const LONGEST_PAUSE = 8000;
const SILENCE = 40000; // The server speaks every 15 s: so long a silence is a dead connection (a closed lid tells nobody).
const SAYING = 20000;
const SENDING_FILE = 600000;

/** Letters not yet with the server: {kind: "say" | "press" | "file", id, body | file, error}. */
export const unsent = restore();
export let online = false;
let page, epoch = "", last = "", source = null, pause = FIRST_PAUSE, timer = 0, silence = 0, sending = false;

/** An id for a letter; the server takes each id once, so a second try is harmless. */
export function identity() {
  return "c" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Connect, and tell `handlers` of what comes: snapshot(entries, whole), put, drop, toast, typing, changed, refused, sleeping. */
export function start(handlers) {
  page = handlers;
  connect();
}

/** Connect again if the connection was let go. */
export function wake() {
  if (!source) connect();
}

/** Send a letter, now or as soon as it can be. */
export function queue(letter) {
  unsent.push(letter);
  keep();
  page.changed();
  if (online) flush();
  else wake();
}

/** Try a refused letter again. */
export function retry(letter) {
  letter.error = "";
  page.changed();
  flush();
}

export async function connect() {
  hangUp();
  try {
    const answer = await fetch("hello", { method: "POST" });
    if (answer.status >= 500) return again();
    if (answer.status === 205) return location.reload();
    if (!answer.ok) return page.refused(await answer.text());
  } catch {
    return again();
  }
  hangUp();
  const stream = source = new EventSource(`events?after=${encodeURIComponent(last)}`);
  const on = (kind, act) => stream.addEventListener(kind, (event) => {
    if (stream !== source) return;
    listen();
    if (event.lastEventId) last = event.lastEventId;
    act(JSON.parse(event.data));
  });
  stream.onopen = () => {
    pause = FIRST_PAUSE;
    listen();
  };
  stream.onerror = () => { if (stream === source) again(); };
  on("snapshot", (known) => {
    // After a restart the server has forgotten what this page still shows: then it is kept, and only what is new taken in.
    const whole = known.epoch === epoch || !epoch;
    epoch = known.epoch;
    page.snapshot(known.entries, whole);
  });
  for (const kind of ["put", "drop", "toast"]) on(kind, page[kind]);
  on("typing", (sign) => {
    connected();
    page.typing(sign.on);
  });
  on("beat", () => {});
  on("bye", () => {
    // Another page of this browser took this one's place; it comes back when it is looked at.
    hangUp();
    page.sleeping();
  });
}

function hangUp() {
  clearTimeout(timer);
  clearTimeout(silence);
  source?.close();
  source = null;
  online = false;
}

function listen() {
  clearTimeout(silence);
  silence = setTimeout(again, SILENCE);
}

function connected() {
  if (online) return;
  online = true;
  page.changed();
  flush();
}

function again() {
  hangUp();
  page.typing(false);
  page.changed();
  timer = setTimeout(connect, pause * (0.7 + 0.6 * Math.random()));
  pause = Math.min(LONGEST_PAUSE, pause * 2);
}

function restore() {
  try {
    return JSON.parse(sessionStorage.getItem(KEEP) || "[]");
  } catch {
    return [];
  }
}

// A file cannot be kept over a reload; its letter lives as long as the page.
function keep() {
  try {
    sessionStorage.setItem(KEEP, JSON.stringify(unsent.filter((letter) => letter.kind !== "file")));
  } catch {
    // A browser that stores nothing still sends.
  }
}

function post(letter) {
  if (letter.kind === "file") {
    return fetch(`file?id=${letter.id}&name=${encodeURIComponent(letter.file.name)}`, {
      method: "POST",
      body: letter.file,
      headers: { "content-type": letter.file.type || "application/octet-stream" },
      signal: AbortSignal.timeout(SENDING_FILE),
    });
  }
  return fetch(letter.kind, {
    method: "POST",
    body: JSON.stringify({ id: letter.id, ...letter.body }),
    headers: { "content-type": "application/json" },
    signal: AbortSignal.timeout(SAYING),
  });
}

// One after the other; a letter leaves the list only when the server has said that it has it.
async function flush() {
  if (sending || !online) return;
  sending = true;
  try {
    for (let letter; (letter = unsent.find((one) => !one.error)); ) {
      const answer = await post(letter);
      if (answer.status === 401) {
        again();
        break;
      }
      if (answer.status === 429 || answer.status >= 500) {
        setTimeout(flush, 1000 * (Number(answer.headers.get("retry-after")) || 2));
        break;
      }
      if (answer.ok || letter.kind === "press") unsent.splice(unsent.indexOf(letter), 1);
      if (!answer.ok) {
        letter.error = (await answer.text()) || String(answer.status);
        if (letter.kind === "press") {
          page.toast({ text: letter.error });
          page.typing(false);
        }
      }
      keep();
      page.changed();
    }
  } catch {
    again();
  } finally {
    sending = false;
  }
}
