// [data-rows="#list"]: arrow down goes from the search box into the rows of the list, up and down move in it, and Escape goes
// back to the box.
export function startRows() {
  document.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp", "Escape"].includes(event.key)) return;
    const search = document.querySelector("form[data-rows]");
    if (!search) return;
    const box = search.querySelector("input[type=search]");
    const links = [...document.querySelectorAll(`${search.dataset.rows} th a`)];
    const at = links.indexOf(document.activeElement);
    if (document.activeElement !== box && at < 0) return;
    const next = event.key === "Escape" ? box : event.key === "ArrowDown" ? links[at + 1] : at <= 0 ? box : links[at - 1];
    if (!next || (event.key === "Escape" && at < 0)) return;
    event.preventDefault();
    next.focus();
  });
}
