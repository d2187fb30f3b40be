"use strict";
// Lists that people put in order: by dragging a handle, by the arrow keys on it, or by buttons that work without this file.
for (const form of document.querySelectorAll("[data-picks]")) {
  const mine = form.querySelector("[data-mine]"), rest = form.querySelector("[data-rest]");
  const live = form.querySelector("[data-live]"), part = (row, name) => row.querySelector(name);
  const act = (row, name) => part(row, `button[value^="${name}:"]`);
  const search = form.querySelector("[data-search]"), none = form.querySelector("[data-none]");
  const folded = (text) => text.normalize("NFKC").toLowerCase();
  let dragged = null, isLost = !form.querySelector("[data-changed]")?.hidden;

  function dress(row, isMine) {
    part(row, "[name=order]").disabled = !isMine;
    part(row, ".pick-handle").hidden = !isMine;
    for (const name of ["up", "down", "remove"]) act(row, name).hidden = !isMine;
    act(row, "up").disabled = !row.previousElementSibling;
    act(row, "down").disabled = !row.nextElementSibling;
    act(row, "add").hidden = isMine;
  }

  function settle() {
    for (const row of mine.children) dress(row, true);
    for (const row of rest.children) dress(row, false);
    for (const note of form.querySelectorAll("[data-empty]")) note.hidden = mine.children.length > 0;
    if (none) none.hidden = [...rest.children].some((row) => !row.hidden);
  }

  // What the server does with the same words, without losing the order that is not submitted yet.
  function find() {
    const words = folded(search.value).split(/\s+/);
    for (const row of rest.children) row.hidden = !words.every((word) => row.dataset.text.includes(word));
    form.querySelector("[type=hidden][name=q]").value = search.value;
    settle();
  }

  function warn() {
    isLost = true;
    for (const note of form.querySelectorAll("[data-changed]")) note.hidden = false;
  }

  function changed(row) {
    settle();
    warn();
    const place = [...mine.children].indexOf(row) + 1;
    const text = place ? mine.dataset.says : mine.dataset.off;
    const words = { title: row.dataset.title, place, all: mine.children.length };
    live.textContent = text.replace(/\{(\w+)\}/g, (all, key) => words[key]);
  }

  // The neighbour moves, not the row: so the row keeps the pointer and the focus.
  function step(row, up) {
    const other = up ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return false;
    if (up) row.after(other);
    else row.before(other);
    return true;
  }

  function middle(row) {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  }

  form.addEventListener("pointerdown", (event) => {
    const handle = event.target.closest(".pick-handle");
    if (!handle || event.button) return;
    handle.setPointerCapture(event.pointerId);
    dragged = { row: handle.closest("[data-pick]"), moved: false };
    dragged.row.classList.add("is-dragged");
  });
  form.addEventListener("pointermove", (event) => {
    if (!dragged) return;
    const { row } = dragged, y = event.clientY;
    if (y < 64) window.scrollBy({ top: -16, behavior: "instant" });
    if (y > window.innerHeight - 64) window.scrollBy({ top: 16, behavior: "instant" });
    while (row.previousElementSibling && y < middle(row.previousElementSibling)) dragged.moved = step(row, true);
    while (row.nextElementSibling && y > middle(row.nextElementSibling)) dragged.moved = step(row, false);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    form.addEventListener(end, () => {
      if (!dragged) return;
      dragged.row.classList.remove("is-dragged");
      if (dragged.moved) changed(dragged.row);
      dragged = null;
    });
  }
  form.addEventListener("keydown", (event) => {
    const handle = event.target.closest(".pick-handle"), up = event.key === "ArrowUp";
    if (!handle || (!up && event.key !== "ArrowDown")) return;
    event.preventDefault();
    const row = handle.closest("[data-pick]");
    if (step(row, up)) changed(row);
  });
  form.addEventListener("change", (event) => event.target.closest("[data-pick]") && warn());
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pick] button[name=act]");
    if (!button) return;
    const row = button.closest("[data-pick]"), [name] = button.value.split(":");
    event.preventDefault();
    if (name === "up" || name === "down") step(row, name === "up");
    const next = row.nextElementSibling || row.previousElementSibling;
    if (name === "add") mine.append(row);
    if (name === "remove") rest.prepend(row);
    changed(row);
    if (name === "remove") (next ? part(next, ".pick-handle") : form.querySelector("[data-rest] button:not([hidden])"))?.focus();
    else if (name === "add" || button.disabled) part(row, ".pick-handle").focus();
  });
  form.addEventListener("submit", () => (isLost = false));
  window.addEventListener("beforeunload", (event) => isLost && event.preventDefault());
  search?.addEventListener("input", find);
  search?.form.addEventListener("submit", (event) => {
    event.preventDefault();
    form.querySelector("#others").scrollIntoView();
  });
  if (search) find();
  else settle();
}
