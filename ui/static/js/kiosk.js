// [data-kiosk]: the one field keeps the focus, and a Tab at the end of a scan sends it as Enter does. [data-return] (seconds)
// goes back to the empty form. Nothing here depends on how fast a scanner types.
export function startKiosk() {
  if (!document.querySelector("[data-kiosk]")) return;
  const field = () => document.querySelector("input[data-kiosk-focus]");
  const refocus = () => {
    const here = document.activeElement;
    if (!here || here === document.body) field()?.focus();
  };
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
  const leave = () => location.replace(greeting.querySelector("a").href);
  const timer = setTimeout(leave, Number(greeting.dataset.return) * 1000);
  // The next visitor need not wait: what is scanned meanwhile goes into the greeting's own hidden form.
  const next = greeting.querySelector("input[name=code]");
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key.length === 1) {
      clearTimeout(timer);
      next.value += event.key;
    } else if ((event.key === "Enter" || event.key === "Tab") && next.value) {
      event.preventDefault();
      next.form.requestSubmit();
    }
  });
}
