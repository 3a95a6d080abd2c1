// [data-verify]: Enter on a box ticks it and goes to the next unticked one; after the last, to the button that goes on. A key
// that types opens the row's editor with it. The row with the focus is the one marked as being checked.
const box = "input[type=checkbox][name^=ok_]";
const boxes = () => [...document.querySelectorAll(`[data-verify-row] ${box}`)];

function mark(row) {
  for (const other of document.querySelectorAll("[data-verify-row]")) other.classList.toggle("verify-now", other === row);
}

function onward(from) {
  const all = boxes();
  const next = all.slice(all.indexOf(from) + 1).find((one) => !one.checked) ?? all.find((one) => !one.checked);
  (next ?? document.querySelector("[form=verify].button-main"))?.focus();
}

function edit(row) {
  const editor = row.querySelector("details");
  const field = editor?.querySelector("input:not([type=checkbox]), select, textarea");
  if (!field) return;
  editor.open = true;
  field.focus();
  if (field.tagName !== "SELECT") field.value = ""; // the key itself is typed by the browser, into the field
}

export function startVerify() {
  const form = document.querySelector("form[data-verify]");
  if (!form) return;
  form.addEventListener("focusin", (event) => mark(event.target.closest("[data-verify-row]")));
  // A row is ticked when Enter is let go, so that one long press does not run through the rows and on to the button; and only
  // where it was pressed, because a press that opened this page ends on it.
  let pressed = null;
  form.addEventListener("keydown", (event) => {
    const at = event.target;
    if (!at.matches(box) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (!event.repeat) pressed = at;
    } else if (event.key.length === 1 && event.key !== " ") {
      edit(at.closest("[data-verify-row]"));
    }
  });
  form.addEventListener("keypress", (event) => {
    if (event.key === "Enter" && event.target.matches(box)) event.preventDefault();
  });
  form.addEventListener("keyup", (event) => {
    if (event.key !== "Enter" || event.target !== pressed) return;
    pressed = null;
    event.target.checked = true;
    onward(event.target);
  });
}
