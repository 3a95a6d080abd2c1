// A form is sent once per press. The operation id inside the form makes a second sending harmless anyway. form[data-file] is
// answered with a file, which leaves the page as it is: after a while it may be sent again.
const FILE_PAUSE = 4000;
const free = (form) => {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
};

export function startForms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if ((event.submitter?.formTarget || form.target) === "_blank") return; // a print beside this page
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
    if ("file" in form.dataset) setTimeout(free, FILE_PAUSE, form);
  });
  // Back with a page kept in memory: the form may be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach(free);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    const form = event.target.closest?.("form");
    if (form) delete form.dataset.sent;
  });
}
