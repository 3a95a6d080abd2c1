// After a swap: the problems take the focus; a focus lost with the replaced form goes to the main part. [data-announce] is
// read aloud through the region that has been on the page from its first load; one that came with its text would be silent.
let lost = false;

function announce(from) {
  for (const [mark, region] of [["[data-announce]", "status"], ["[data-announce-alert]", "alert"]]) {
    const said = from.querySelector(mark);
    if (said) document.getElementById(region).textContent = said.textContent.trim();
  }
}

function settle() {
  const problems = document.querySelector("[data-focus]");
  if (problems && !problems.dataset.seen) {
    problems.dataset.seen = "1";
    problems.focus();
  } else if (lost && (document.activeElement === document.body || !document.activeElement)) {
    document.getElementById("main")?.focus({ preventScroll: true });
  }
  lost = false;
  announce(document);
}

export function startFocus() {
  // While the lock is shown, nothing behind it asks the server: the answers would be the lock again, over a half-typed password.
  document.addEventListener("htmx:before:request", (event) => {
    const lock = document.getElementById("lock");
    if (lock?.childElementCount && !lock.contains(event.target)) event.preventDefault();
  });
  document.addEventListener("htmx:before:swap", () => {
    lost = document.activeElement !== document.body;
    for (const number of document.querySelectorAll("[data-blink]")) number.dataset.was = number.textContent;
  });
  document.addEventListener("htmx:after:swap", settle);
  document.addEventListener("htmx:before:request", (event) => event.detail?.ctx?.target?.setAttribute?.("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", (event) => {
    event.detail?.ctx?.target?.removeAttribute?.("aria-busy");
    document.getElementById("gone").hidden = true;
  });
  document.addEventListener("htmx:error", () => { document.getElementById("gone").hidden = false; });
  settle();
}
