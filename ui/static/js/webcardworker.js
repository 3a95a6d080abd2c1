// The worker of one kept card: its scope is the address of the card. It shows what the phone holds at once, asks the centre how the
// card is whenever it is opened, keeps what is new, and throws everything away when the link has ended. What it holds lies in one
// cache a card, so that a family may keep several.
const card = new URL(self.registration.scope).pathname;
const said = card + "/keadaan";
const box = "simpul" + card;

self.addEventListener("install", (e) => e.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (e) => e.waitUntil(self.clients.claim()));
self.addEventListener("message", (e) => { if (e.data === "refresh") e.waitUntil(refresh()); });

self.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== self.location.origin || url.pathname === said) return;
  if (url.pathname === card) return e.respondWith(kept(card).then((page) => page ?? fetch(e.request)));
  e.respondWith(kept(e.request).then((file) => file ?? fetch(e.request)));
});

// kept looks only at this card's own cache, and makes none: to open one that has just been thrown away would leave it empty.
const kept = (what) => caches.match(what, { cacheName: box });

// One after the other: a card that has ended must not be kept again by a question that was asked before.
let asking = Promise.resolve();
function refresh() { return (asking = asking.then(ask, ask)); }

async function ask() {
  let answer, now;
  try {
    answer = await fetch(said, { cache: "no-store" });
    now = await answer.json();
  } catch {
    return tell({ said: "offline" }); // no network, or somebody else's page in place of the answer
  }
  if (answer.status === 410 && (now.state === "ended" || now.state === "replaced")) {
    await caches.delete(box);
    await self.registration.unregister();
    return tell({ said: "ended" });
  }
  if (!answer.ok || !Array.isArray(now.keep)) return tell({ said: now.state === "unknown" ? "unknown" : "closed" });
  try {
    await keep(now);
  } catch {
    return tell({ said: "offline" }); // it broke off in the middle: what was held stays whole
  }
  return tell({ said: "checked", version: now.version });
}

// keep fetches everything of a new version before any of the old goes.
async function keep(now) {
  const held = await kept(said).then((r) => r?.json()).catch(() => undefined);
  const files = await caches.open(box);
  if (held?.version !== now.version) {
    await files.addAll(now.keep.map((path) => new Request(path, { cache: "no-cache" })));
    const wanted = new Set([...now.keep, said].map((path) => new URL(path, self.location).href));
    for (const old of await files.keys()) if (!wanted.has(old.url)) await files.delete(old);
  }
  await files.put(said, Response.json({ version: now.version, at: Date.now() }));
}

async function tell(news) {
  for (const page of await self.clients.matchAll({ includeUncontrolled: true })) {
    if (new URL(page.url).pathname === card) page.postMessage(news);
  }
}
