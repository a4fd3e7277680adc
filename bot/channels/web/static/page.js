// The page: the composer, the menu, files, the window. What is shown is in view.js, the link to the server in link.js.

import { element } from "./draw.js";
import { connect, identity, queue, start, unsent, wake } from "./link.js";
import * as view from "./view.js";

const { at } = view;
const text = at("text"), send = at("send"), menu = at("choices");
const HIGHEST = 160; // Pixels of the text field before it scrolls.
let composing = false, over = 0;

function say(said) {
  if (!said.trim()) return;
  const id = identity();
  view.put({ id, mine: true, text: said.trim(), at: Date.now() });
  queue({ kind: "say", id, body: { text: said } });
}

function upload(file) {
  const id = identity();
  view.put({ id, mine: true, text: "", at: Date.now(), files: [{ id: "", name: file.name, mime: file.type, size: file.size }] });
  queue({ kind: "file", id, file });
}

function grow() {
  text.style.height = "auto";
  text.style.height = `${Math.min(text.scrollHeight, HIGHEST)}px`;
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
// A tap on the arrow leaves the keyboard of a phone where it is.
for (const event of ["mousedown", "pointerdown"]) send.addEventListener(event, (pressed) => pressed.preventDefault());

at("examples").addEventListener("click", (event) => {
  const said = event.target.closest("button")?.dataset.say;
  if (said) say(said);
});

// Files: chosen, pasted, dropped

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
function hovers(count) {
  over = Math.max(0, count);
  at("drop").hidden = over === 0;
}
addEventListener("dragenter", (event) => { if (event.dataTransfer?.types.includes("Files")) hovers(over + 1); });
addEventListener("dragleave", () => hovers(over - 1));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  hovers(0);
  for (const file of event.dataTransfer?.files || []) upload(file);
});

// The menu of commands

async function openMenu() {
  if (!menu.hidden) return closeMenu();
  let commands;
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
    choice.addEventListener("click", () => {
      closeMenu();
      say(entry.command);
    });
    return choice;
  }));
  menu.hidden = commands.length === 0;
  at("menu").setAttribute("aria-expanded", String(!menu.hidden));
  menu.firstElementChild?.focus();
}

function closeMenu() {
  const inside = menu.contains(document.activeElement);
  menu.hidden = true;
  at("menu").setAttribute("aria-expanded", "false");
  if (inside) at("menu").focus({ preventScroll: true });
}

at("menu").addEventListener("click", openMenu);
menu.addEventListener("keydown", (event) => {
  const choices = [...menu.children], here = choices.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") closeMenu();
  if (!step) return;
  event.preventDefault();
  choices[(here + step + choices.length) % choices.length].focus();
});
document.addEventListener("pointerdown", (event) => {
  if (!menu.hidden && !event.target.closest("#choices, #menu")) closeMenu();
});

// The window

at("talk").addEventListener("scroll", () => { if (view.nearEnd()) at("newest").hidden = true; }, { passive: true });
at("newest").addEventListener("click", view.toEnd);
addEventListener("online", connect);
addEventListener("focus", wake);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  view.badge(0);
  wake();
});
let ended = true;
at("talk").addEventListener("scroll", () => { ended = view.nearEnd(); }, { passive: true });
new ResizeObserver(() => { if (ended) view.toEnd(); }).observe(at("talk"));

for (const letter of unsent) {
  if (letter.kind === "say") view.put({ id: letter.id, mine: true, text: letter.body.text, at: Date.now() });
}
grow();
start(view);
if (matchMedia("(hover: hover)").matches) text.focus({ preventScroll: true });
