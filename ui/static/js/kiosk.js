// [data-kiosk]: the one field keeps the focus, and a Tab at the end of a scan sends it as Enter does. [data-return] (seconds)
// goes back to the empty form; whoever types or points meanwhile gets as long again. Nothing depends on how fast a scanner types.
export function startKiosk() {
  if (!document.querySelector("[data-kiosk]")) return;
  const field = () => document.querySelector("input[data-kiosk-focus]");
  const refocus = () => {
    const here = document.activeElement;
    if (!here || here === document.body) field()?.focus();
  };
  field()?.select(); // what was refused stands there; the next scan replaces it
  window.addEventListener("focus", refocus);
  document.addEventListener("click", () => setTimeout(refocus));
  document.addEventListener("htmx:after:swap", refocus);
  document.addEventListener("keydown", (event) => {
    const one = field();
    if (!one) return;
    if (event.key === "Tab" && !event.shiftKey && event.target === one && one.value.trim()) {
      event.preventDefault();
      one.form.requestSubmit();
    } else if (document.activeElement === document.body && event.key.length === 1) {
      one.focus();
    }
  });
  const greeting = document.querySelector("[data-return]");
  if (!greeting) return;
  const leave = () => location.replace("/kunjungan");
  let timer;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, Number(greeting.dataset.return) * 1000);
  };
  wait();
  for (const sign of ["keydown", "pointerdown", "pointermove"]) document.addEventListener(sign, wait);
  document.addEventListener("submit", () => clearTimeout(timer));
}
