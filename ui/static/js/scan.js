// [data-scan]: a form with one field, on the desk. What is scanned while no field has the focus is gathered there and sent at
// Enter or Tab. Speed does not matter; a pause of two seconds starts anew, so that a stray key does not spoil a scan.
const shortest = 4;

export function startScan() {
  const form = document.querySelector("form[data-scan]");
  if (!form) return;
  const field = form.querySelector("input:not([type=hidden])");
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = document.activeElement;
    if (at && at !== field && at.matches("input, textarea, select, [contenteditable]")) return;
    if (event.timeStamp - last > 2000) field.value = "";
    if (event.key.length === 1) {
      last = event.timeStamp;
      field.value += event.key;
      event.preventDefault(); // a space scrolls, a slash opens the search of some browsers, and a QR holds both
    } else if ((event.key === "Enter" || event.key === "Tab") && field.value.length >= shortest) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
}
