// Draws messages: plain data becomes elements, never markup from a text.

const QUOTE = /^\s*(?:[「『“>]|《[^》]*》[:：]?\s*「)/;
const ITEM = /^\s*(?:\d{1,2}[.．、)）]|[•·・●○▪-])\s*\S/;
const SOURCE = /^\s*(?:——|—|–|※|📄|🔖)/;

/** Make an element with a class and a text. */
export function element(name, kind = "", text = "") {
  const made = document.createElement(name);
  if (kind) made.className = kind;
  if (text) made.textContent = text;
  return made;
}

/** The lines of a text: a bolder first line where there are several, quotations and their places set apart. */
function lines(text) {
  const body = element("div", "text");
  const rows = text.replace(/\s+$/, "").split("\n");
  rows.forEach((row, index) => {
    const line = element("div", "line", row);
    if (!row.trim()) line.className = "line blank";
    else if (QUOTE.test(row)) line.className = "line quote";
    else if (SOURCE.test(row)) line.className = "line source";
    else if (ITEM.test(row)) line.className = "line item";
    else if (index === 0 && rows.length > 1) line.className = "line head";
    body.append(line);
  });
  return body;
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function attachment(file) {
  const link = element("a", "file");
  if (file.id) link.href = `file/${file.id}`;
  if (file.id && /^image\/(png|jpeg|gif|webp)$/.test(file.mime)) {
    link.className = "picture";
    link.target = "_blank";
    const picture = element("img");
    picture.src = link.href;
    picture.alt = file.name;
    link.append(picture);
    return link;
  }
  if (file.id) link.setAttribute("download", file.name);
  const ending = (file.name.match(/\.([A-Za-z0-9]{1,5})$/) || ["", ""])[1].toUpperCase();
  link.append(element("span", "kind", ending || "···"));
  const about = element("span", "about");
  about.append(element("span", "name", file.name), element("span", "size", size(file.size)));
  link.append(about);
  return link;
}

function keys(entry, press) {
  const keyboard = element("div", "keys");
  for (const row of entry.buttons) {
    const line = element("div", "keyrow");
    for (const button of row) {
      if (button.url) {
        const link = element("a", "key link", button.label);
        link.href = button.url;
        link.target = "_blank";
        link.rel = "noopener noreferrer";
        line.append(link);
      } else if (button.action) {
        const key = element("button", "key", button.label);
        key.type = "button";
        key.addEventListener("click", () => press(entry, button, key));
        line.append(key);
      }
    }
    if (line.childElementCount) keyboard.append(line);
  }
  return keyboard;
}

/** One message as a list item; `press` is called with the entry, the button and its element. */
export function message(entry, words, press) {
  const item = element("li", `row ${entry.mine ? "mine" : "bot"}`);
  item.id = `m-${entry.id}`;
  item.dataset.at = entry.at;
  if (!entry.mine) {
    const avatar = element("img", "avatar");
    avatar.src = "static/favicon.svg";
    avatar.alt = "";
    avatar.width = avatar.height = 36;
    item.append(avatar);
  }
  const column = element("div", "column");
  column.append(element("span", "unseen", `${entry.mine ? words.you : words.title}: `));
  const bubble = element("div", "bubble");
  if (entry.text) bubble.append(lines(entry.text));
  for (const file of entry.files ?? []) bubble.append(attachment(file));
  if (bubble.childElementCount) column.append(bubble);
  if (entry.buttons?.length) column.append(keys(entry, press));
  item.append(column);
  return item;
}

/** The line between messages that says when: 今天 14:03. */
export function when(at, words, language) {
  const time = new Date(at);
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(time);
  const midnight = new Date();
  midnight.setHours(0, 0, 0, 0);
  const days = Math.ceil((midnight - time) / 86400000);
  if (days <= 0) return `${words.today} ${clock}`;
  if (days === 1) return `${words.yesterday} ${clock}`;
  const wanted = { month: "long", day: "numeric", weekday: "short" };
  if (time.getFullYear() !== midnight.getFullYear()) wanted.year = "numeric";
  return `${new Intl.DateTimeFormat(language, wanted).format(time)} ${clock}`;
}
