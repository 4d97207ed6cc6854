// Everything here adds to pages that are complete without it: dark mode, all code at once, words of the marks, interactive
// figures, a page's contents on a phone, the filters of the ledger and of the tables.
"use strict";
(() => {
  const script = document.currentScript;
  const root = document.documentElement;

  const theme = document.querySelector("button.theme");
  if (theme) {
    theme.hidden = false;
    theme.addEventListener("click", () => {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      root.dataset.theme = next;
      try { localStorage.setItem("theme", next); } catch { /* storage may be forbidden */ }
    });
  }

  const code = document.querySelector("button.code");
  const folded = [...document.querySelectorAll("details.tl-code")];
  if (code && folded.length) {
    code.hidden = false;
    code.addEventListener("click", () => {
      const open = code.getAttribute("aria-pressed") !== "true";
      code.setAttribute("aria-pressed", String(open));
      folded.forEach((each) => { each.open = open; });
    });
  }

  const here = document.querySelector("nav.here > ul");
  if (here) {
    const jump = Object.assign(document.createElement("details"), { className: "jump" });
    jump.append(Object.assign(document.createElement("summary"), { textContent: "On this page" }), here.cloneNode(true));
    document.querySelector("main > article")?.before(jump);
  }

  for (const picture of document.querySelectorAll(".tl-picture")) {
    const said = Object.assign(document.createElement("p"), { className: "tl-said", ariaHidden: "true",
      textContent: "Each mark is a claim. Point at one to read it; press it for its test." });
    picture.append(said);
    for (const mark of picture.querySelectorAll("a[aria-label]")) {
      mark.removeAttribute("title");
      for (const kind of ["focus", "mouseenter"]) mark.addEventListener(kind, () => { said.textContent = mark.ariaLabel; });
    }
  }

  const load = (url) => new Promise((done, failed) => {
    const element = Object.assign(document.createElement("script"), { src: url });
    element.onload = done;
    element.onerror = () => failed(new Error(`cannot load ${url}`));
    document.head.append(element);
  });
  let vega = null;
  for (const button of document.querySelectorAll("button.tl-explore")) {
    const invitation = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const figure = button.closest("figure");
      const plot = figure.querySelector(".tl-plot");
      if (plot.still) {
        plot.replaceChildren(...plot.still);
        plot.still = null;
        button.textContent = invitation;
        return;
      }
      button.disabled = true;
      button.textContent = "Loading …";
      try {
        vega ??= load(script.dataset.vega);
        await Promise.all([vega, load(button.dataset.script), document.fonts.load("1em 'Ledger Sans'")]);
        const spec = window.trilateralFigures[button.dataset.figure];
        const place = document.createElement("div");
        const still = [...plot.childNodes];
        plot.replaceChildren(place);
        await window.vegaEmbed(place, plot.clientWidth < 560 ? spec.narrow : spec.wide,
          { renderer: "svg", actions: false, tooltip: { theme: "custom" } });
        plot.still = still;
        button.textContent = "Still picture";
      } catch (error) {
        vega = null;
        button.textContent = "Could not be loaded";
        console.error(error);
      }
      button.disabled = false;
    });
  }

  const site = new URL(root.dataset.content_root || "./", location.href);
  for (const text of document.querySelectorAll(".tl-share pre")) {
    const { path } = text.dataset; // there where the book was not told its own address
    if (path && location.protocol.startsWith("http")) text.textContent = text.textContent.replace(path, new URL(path, site).href);
    if (!navigator.clipboard) continue;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "tl-copy", textContent: "Copy" });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(text);
        button.textContent = "Selected";
      }
    });
    text.previousElementSibling.append(button);
  }

  for (const section of document.querySelectorAll(".tl-ledger")) {
    const form = section.querySelector("form");
    const body = section.querySelector("tbody");
    const rows = [...body.rows];
    const count = form.querySelector("output");
    const filter = () => {
      const words = form.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = ["now", "source", "chapter"].some((name) => form.elements[name].value
          && form.elements[name].value !== row.dataset[name]) || !words.every((word) => text.includes(word));
        shown += !row.hidden;
      }
      count.textContent = `${shown} of ${rows.length} claims`;
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();

    section.querySelectorAll("thead th").forEach((head, column) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        section.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.replace(/^[“‘]+/, "");
        body.append(...rows.sort((a, b) => (up ? 1 : -1) * key(a).localeCompare(key(b), "en", { numeric: true })));
      });
    });
  }

  for (const index of document.querySelectorAll(".tl-index")) {
    const form = index.querySelector("form");
    const count = form.querySelector("output");
    const lines = [...index.querySelectorAll("tr[data-table]")].map((row) => {
      const entry = document.getElementById(row.dataset.table);
      return { row, entry, text: `${row.textContent} ${row.dataset.words} ${entry.textContent}`.toLowerCase() };
    });
    const filter = () => {
      const { words, chapter, country, open } = form.elements;
      const parts = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const { row, entry, text } of lines) {
        row.hidden = (chapter.value && chapter.value !== row.dataset.chapter) || (open.value && open.value !== row.dataset.open)
          || (country.value && !row.dataset.country.split(" ").includes(country.value))
          || !parts.every((part) => text.includes(part));
        entry.hidden = row.hidden;
        shown += !row.hidden;
      }
      for (const body of index.querySelectorAll("tbody")) body.hidden = !body.querySelector("tr[data-table]:not([hidden])");
      for (const group of document.querySelectorAll(".tl-tables")) group.hidden = !group.querySelector(".tl-table:not([hidden])");
      count.textContent = `${shown} of ${lines.length} tables`;
    };
    const reveal = (id) => { // a link to a table that the filter hides shows all
      const target = id && document.getElementById(id);
      if (!target?.closest("[hidden]")) return;
      form.reset();
      filter();
      target.scrollIntoView();
    };
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("reset", () => setTimeout(filter));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => reveal(event.target.closest?.('a[href^="#"]')?.hash.slice(1)));
    window.addEventListener("hashchange", () => reveal(location.hash.slice(1)));
    filter(); // a browser may keep what was typed before
  }

  const entries = new Map([...document.querySelectorAll("nav.here a")].map((a) => [a.hash.slice(1), a]));
  if (entries.size && "IntersectionObserver" in window) {
    const observer = new IntersectionObserver((seen) => {
      for (const each of seen) {
        if (!each.isIntersecting) continue;
        entries.forEach((a) => a.removeAttribute("aria-current"));
        entries.get(each.target.id)?.setAttribute("aria-current", "true");
      }
    }, { rootMargin: "-10% 0px -75% 0px" });
    document.querySelectorAll("main section[id]").forEach((section) => {
      if (entries.has(section.id)) observer.observe(section);
    });
  }
})();
