// Alt with a letter presses what carries that accesskey, the same in every browser. Escape and a press elsewhere close a
// [data-menu]. Single letters do nothing: a scanner types letters.
export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.shiftKey && !event.metaKey && /^[a-z]$/i.test(event.key)) {
      const target = document.querySelector(`[accesskey="${event.key.toLowerCase()}"]`);
      if (target) {
        event.preventDefault();
        target.focus();
        target.click();
      }
    }
    if (event.key === "Escape") {
      const open = document.activeElement?.closest("details[data-menu][open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
