// A page that looks for news: it is asked for again and its live parts are put in place of the old ones.

const FIRST = Number(document.querySelector("script[data-every]").dataset.every) * 1000;
const LONGEST = 60000;
let pause = FIRST, timer = 0;

/** The page as it is now. A document that XMLHttpRequest reads runs no script and needs no trusted type. */
function fresh() {
  return new Promise((resolve, reject) => {
    const asking = new XMLHttpRequest();
    asking.open("GET", location.href);
    asking.responseType = "document";
    asking.timeout = 20000;
    asking.onload = () => asking.status === 200 && asking.response ? resolve(asking.response) : reject();
    asking.onerror = asking.ontimeout = asking.onabort = reject;
    asking.send();
  });
}

/** True where somebody is at work in a part: it is left as it is until they are done. */
function inUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

async function take(page) {
  const old = [...document.querySelectorAll("[data-live]")], now = [...page.querySelectorAll("[data-live]")];
  if (old.length !== now.length) return location.reload();
  for (const [place, part] of old.entries()) {
    if (part.innerHTML === now[place].innerHTML || inUse(part)) continue;
    const drawn = document.importNode(now[place], true);
    // The old picture stays until the new one is there, so nothing jumps.
    await Promise.all([...drawn.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
    if (!inUse(part)) part.replaceWith(drawn);
  }
  const every = page.querySelector("script[data-every]");
  pause = every ? Number(every.dataset.every) * 1000 : 0;
}

async function look() {
  const lost = document.getElementById("lost");
  try {
    await take(await fresh());
    lost.hidden = true;
  } catch {
    lost.hidden = false;
    pause = Math.min(LONGEST, (pause || FIRST) * 2);
  }
  wait();
}

function wait() {
  clearTimeout(timer);
  if (pause && !document.hidden) timer = setTimeout(look, pause);
}

document.addEventListener("visibilitychange", () => { if (document.hidden) clearTimeout(timer); else if (pause) look(); });
wait();
