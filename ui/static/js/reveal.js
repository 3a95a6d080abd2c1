// A form with [data-reveal="Tampilkan kata sandi"] gets a box under its password field that shows what was typed.
export function startReveal() {
  for (const form of document.querySelectorAll("form[data-reveal]")) {
    for (const input of form.querySelectorAll('input[type="password"]')) {
      const label = document.createElement("label");
      label.className = "tick";
      const box = document.createElement("input");
      box.type = "checkbox";
      const words = document.createElement("span");
      words.textContent = form.dataset.reveal;
      label.append(box, words);
      input.after(label);
      box.addEventListener("change", () => { input.type = box.checked ? "text" : "password"; });
      // A browser offers to keep only what is sent from a password field.
      form.addEventListener("submit", () => { input.type = "password"; });
    }
  }
}
