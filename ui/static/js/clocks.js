// [data-clock] with data-elapsed and data-standard (seconds) and data-running: counts on from the moment the server drew it,
// by the browser's own monotonic clock, so a wrong PC clock changes nothing. [data-clock-fill] in the same row follows.
const drawn = new WeakMap();

function elapsed(clock) {
  const told = clock.dataset.elapsed;
  let start = drawn.get(clock);
  if (!start || start.told !== told) {
    start = { told, at: performance.now() };
    drawn.set(clock, start);
  }
  const since = "running" in clock.dataset ? (performance.now() - start.at) / 1000 : 0;
  return Math.floor(Number(told) + since);
}

function written(seconds) {
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function tick() {
  for (const clock of document.querySelectorAll("[data-clock]")) {
    const seconds = elapsed(clock);
    const standard = Number(clock.dataset.standard);
    const time = clock.querySelector("[data-clock-time]");
    if (time.textContent !== written(seconds)) time.textContent = written(seconds);
    if (!standard) continue;
    const late = seconds > standard;
    clock.classList.toggle("clock-bad", late);
    clock.classList.toggle("clock-warn", !late && seconds > standard * 0.8);
    const row = clock.closest("[data-clock-row]");
    row?.classList.toggle("is-late", late);
    row?.querySelector("[data-clock-fill]")?.setAttribute("width", `${Math.min(100, (seconds * 100) / standard)}%`);
  }
}

export function startClocks() {
  tick();
  setInterval(tick, 1000);
  document.addEventListener("htmx:after:swap", tick);
}
