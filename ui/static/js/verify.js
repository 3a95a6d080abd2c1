// [data-verify]: Enter on a box ticks it and goes to the next unticked one; after the last, to the button that goes on. A key
// that types opens the row's editor with it. The row with the focus is the one marked as being checked.
const boxes = () => [...document.querySelectorAll("[data-verify-row] input[type=checkbox][name^=ok_]")];

function mark(row) {
  for (const other of document.querySelectorAll("[data-verify-row]")) other.classList.toggle("verify-now", other === row);
}

function onward(box) {
  const all = boxes();
  const next = all.slice(all.indexOf(box) + 1).find((one) => !one.checked) ?? all.find((one) => !one.checked);
  (next ?? document.querySelector("[form=verify].button-main"))?.focus();
}

function edit(row, key) {
  const editor = row.querySelector("details");
  const field = editor?.querySelector("input:not([type=checkbox]), select, textarea");
  if (!field) return;
  editor.open = true;
  field.focus();
  if (field.tagName !== "SELECT") field.value = key;
}

export function startVerify() {
  const form = document.querySelector("form[data-verify]");
  if (!form) return;
  form.addEventListener("focusin", (event) => mark(event.target.closest("[data-verify-row]")));
  form.addEventListener("keydown", (event) => {
    const box = event.target;
    if (!box.matches("input[type=checkbox][name^=ok_]") || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      box.checked = true;
      onward(box);
    } else if (event.key.length === 1 && event.key !== " ") {
      event.preventDefault();
      edit(box.closest("[data-verify-row]"), event.key);
    }
  });
}
