// form[data-upload="what is being done"]: large files from a stick, with a bar that moves. The answer takes the place of the main
// part, or leads on, as without this.
export function startUpload() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.upload || event.defaultPrevented) return;
    const bar = form.querySelector("progress");
    if (!bar) return;
    event.preventDefault();
    const sending = new XMLHttpRequest();
    sending.open("POST", form.action);
    sending.responseType = "document";
    bar.hidden = false;
    document.getElementById("status").textContent = form.dataset.upload;
    sending.upload.onprogress = ({ loaded, total }) => { bar.value = (100 * loaded) / total; };
    sending.upload.onload = () => { bar.removeAttribute("value"); }; // all is sent; #carrying tells how the rest goes
    sending.onerror = () => {
      document.getElementById("gone").hidden = false;
      bar.hidden = true;
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    };
    sending.onload = () => {
      if (sending.responseURL !== form.action) return location.assign(sending.responseURL);
      const main = sending.response?.getElementById("main");
      if (!main) return location.reload();
      document.getElementById("main").replaceWith(document.adoptNode(main));
      window.htmx?.process(main);
      main.querySelector("[data-focus]")?.focus();
      document.getElementById("status").textContent = main.querySelector("[data-announce]")?.textContent.trim() ?? "";
    };
    sending.send(new FormData(form));
  });
}
