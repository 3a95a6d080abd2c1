// [data-web-card="/k/token"]: has the browser keep the card, says when it was last checked, and knows by the phone's own clock when
// it has expired. Needs a secure context; without one the page is what the centre sent.
const page = document.querySelector("[data-web-card]");
const path = page.dataset.webCard;
const word = (name) => document.querySelector(`#web-words`).content.querySelector(`[data-word="${name}"]`).textContent;
const two = (n) => String(n).padStart(2, "0");

const moment = (at) => `${two(at.getDate())}-${two(at.getMonth() + 1)}-${at.getFullYear()} ${two(at.getHours())}.${two(at.getMinutes())}`;

function expire() {
  const now = new Date();
  if (!page.dataset.last || `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}` <= page.dataset.last) return;
  const state = document.getElementById("web-state");
  state.className = "web-state web-state-warn";
  state.querySelector("b").textContent = word("expired");
  const text = state.querySelector("span") ?? state.appendChild(document.createElement("span"));
  text.textContent = word("expired-text");
}

// When the card was last checked: what the worker noted, which the page it shows cannot know.
async function checked() {
  const held = await caches.match(path + "/keadaan", { cacheName: "simpul" + path }).then((r) => r?.json()); // makes no cache
  return held ? moment(new Date(held.at)) : null;
}

async function heard(news) {
  if (news.said === "ended") return location.reload();
  if (news.said === "checked" && news.version !== page.dataset.version) return location.reload();
  const at = await checked();
  if (!at) return;
  const line = document.getElementById("web-checked");
  line.textContent = word(news.said).replace("{}", at);
  document.getElementById("status").textContent = line.textContent;
  line.classList.toggle("web-checked-away", news.said !== "checked");
  document.getElementById("web-save")?.toggleAttribute("hidden", news.said === "offline");
}

async function start() {
  navigator.serviceWorker.addEventListener("message", (e) => heard(e.data));
  const worker = await navigator.serviceWorker.register("/k/pekerja.js", { scope: path });
  const ask = () => worker.active?.postMessage("refresh");
  ask();
  addEventListener("online", ask);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { expire(); ask(); } });
}

expire();
if ("serviceWorker" in navigator) start().catch(() => {}); // a browser that refuses to keep it shows it all the same

const install = document.getElementById("web-install");
let asked;
addEventListener("beforeinstallprompt", (e) => {
  e.preventDefault();
  asked = e;
  install.hidden = false;
});
install.addEventListener("click", () => {
  asked?.prompt();
  install.hidden = true;
});
