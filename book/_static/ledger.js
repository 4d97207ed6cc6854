// Everything here adds to pages that are complete without it: dark mode, all code at once, words of the marks, interactive
// figures, a page's contents on a phone, the filters of the ledger and of the tables, references at hand. What a reader sets
// is kept in the address, so that it can be shared.
"use strict";
(() => {
  const script = document.currentScript;
  const root = document.documentElement;

  const address = {
    all: () => new URLSearchParams(location.search),
    get: (name) => address.all().get(name) ?? "",
    set: (changes, hash = location.hash) => {
      const given = address.all();
      for (const [name, value] of Object.entries(changes)) value ? given.set(name, value) : given.delete(name);
      const query = String(given);
      try { history.replaceState(null, "", `${location.pathname}${query && "?"}${query}${hash}`); } catch { /* in a folder it may be refused */ }
    },
  };
  const remembered = (form) => { // what the address says is filled in, what the reader fills in goes there
    const fields = [...form.elements].filter((field) => field.name);
    for (const field of fields) {
      const value = address.get(field.name);
      if (field.type === "search" || [...field.options ?? []].some((option) => option.value === value)) field.value = value;
    }
    return () => address.set(Object.fromEntries(fields.map((field) => [field.name, field.value])));
  };

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
  const jump = document.querySelector("details.jump");
  if (here && jump) {
    jump.append(here.cloneNode(true));
    jump.hidden = false;
  }

  for (const picture of document.querySelectorAll(".tl-picture")) {
    const moment = picture.querySelector(`input[value="${CSS.escape(address.get("verdict"))}"]`);
    if (moment) moment.checked = true;
    picture.addEventListener("change", (event) => address.set({ verdict: event.target.value }));
    const said = picture.querySelector(".tl-said");
    said.hidden = false;
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
  const bound = (spec) => (spec.params ?? []).filter((each) => each.bind);
  const allowed = (given, text) => { // a value from an address, if the control could have it
    const { input, options, min, max } = given.bind;
    if (input === "select") return options.find((option) => String(option) === text);
    const number = Number(text);
    return text.trim() && number >= min && number <= max ? number : undefined;
  };
  const explore = async (button, asked, byKeyboard) => {
    const figure = button.closest("figure");
    const plot = figure.querySelector(".tl-plot");
    const invitation = button.textContent;
    button.setAttribute("aria-busy", "true");
    button.textContent = "Loading …";
    try {
      vega ??= load(script.dataset.vega);
      await Promise.all([vega, load(button.dataset.script), document.fonts.load("1em 'Ledger Sans'")]);
      const still = [...plot.childNodes];
      const size = plot.clientWidth < 560 ? "narrow" : "wide";
      const spec = structuredClone(window.trilateralFigures[button.dataset.figure][size]);
      spec.description = plot.querySelector("svg").ariaLabel;
      const params = bound(spec);
      const first = Object.fromEntries(params.map((each) => [each.name, each.value]));
      for (const each of params) each.value = allowed(each, asked.get(each.name) ?? "") ?? each.value;
      const place = document.createElement("div");
      plot.replaceChildren(place);
      const { view } = await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true, defaultStyle: false,
        tooltip: { theme: "custom", disableDefaultStyle: true } });
      const share = () => {
        const now = params.map(({ name }) => [name, view.signal(name)]);
        const moved = now.filter(([name, value]) => String(value) !== String(first[name]));
        address.set({ ...Object.fromEntries(now.map(([name]) => [name, ""])),
          figure: moved.length ? figure.id : "", ...Object.fromEntries(moved.map(([name, value]) => [name, String(value)])) },
          moved.length ? `#${figure.id}` : location.hash);
      };
      for (const { name } of params) view.addSignalListener(name, share);
      place.addEventListener("click", ({ pointerType, target, clientX, clientY }) => { // a finger points without moving
        if (pointerType === "touch") target.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX, clientY }));
      });
      plot.still = { still, invitation, leave: () => {
        if (address.get("figure") === figure.id) {
          address.set(Object.fromEntries(["figure", ...params.map(({ name }) => name)].map((name) => [name, ""])));
        }
        view.finalize();
      } };
      button.textContent = "Still picture";
      if (byKeyboard) place.querySelector("input, select")?.focus();
    } catch (error) {
      vega = null;
      button.textContent = "Could not be loaded";
      console.error(error);
    }
    button.removeAttribute("aria-busy");
  };
  for (const button of document.querySelectorAll("button.tl-explore")) {
    button.hidden = false;
    button.addEventListener("click", (event) => {
      const plot = button.closest("figure").querySelector(".tl-plot");
      if (button.hasAttribute("aria-busy")) return;
      if (plot.still) {
        plot.still.leave();
        plot.replaceChildren(...plot.still.still);
        button.textContent = plot.still.invitation;
        plot.still = null;
      } else explore(button, new URLSearchParams(), event.detail === 0);
    });
    if (address.get("figure") === button.dataset.figure) explore(button, address.all());
  }
  for (const link of document.querySelectorAll('.tl-tools a[href^="#"]')) {
    link.addEventListener("click", async () => { // the browser follows the link, and the address is ready to be pasted
      const query = address.get("figure") === link.hash.slice(1) ? location.search : "";
      try { await navigator.clipboard.writeText(`${location.href.split(/[?#]/)[0]}${query}${link.hash}`); } catch { return; }
      const word = link.firstChild;
      const before = word.data;
      word.data = "Copied";
      setTimeout(() => { word.data = before; }, 1500);
    });
  }

  const site = new URL(root.dataset.content_root || "./", location.href);
  for (const text of document.querySelectorAll(".tl-share pre")) {
    const { path } = text.dataset; // there where the book was not told its own address
    if (path && location.protocol.startsWith("http")) {
      const whole = new URL(path, site).href, said = text.textContent;
      text.textContent = said.includes(path) ? said.replace(path, whole) : `${said} ${whole}`;
    }
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
    const remember = remembered(form);
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
    form.addEventListener("input", () => { filter(); remember(); });
    form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
    form.addEventListener("submit", (event) => event.preventDefault());
    filter();

    section.querySelectorAll("thead th").forEach((head, column) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      head.replaceChildren(button);
      const sort = (up) => {
        section.querySelectorAll("thead th").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.replace(/^[“‘]+/, "");
        body.append(...rows.sort((a, b) => (up ? 1 : -1) * key(a).localeCompare(key(b), "en", { numeric: true })));
      };
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        sort(up);
        address.set({ sort: `${up ? "" : "-"}${column + 1}` });
      });
      if (Math.abs(address.get("sort")) === column + 1) sort(address.get("sort")[0] !== "-");
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
    const remember = remembered(form);
    form.hidden = false;
    form.addEventListener("input", () => { filter(); remember(); });
    form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
    form.addEventListener("submit", (event) => event.preventDefault());
    document.addEventListener("click", (event) => reveal(event.target.closest?.('a[href^="#"]')?.hash.slice(1)));
    window.addEventListener("hashchange", () => reveal(location.hash.slice(1)));
    filter(); // a browser may keep what was typed before
  }

  // A reference shows what it refers to: to a pointer, to the keyboard, and to a first touch; Escape puts it away.
  let note = null;
  const away = () => {
    note?.box.remove();
    note?.link.removeAttribute("aria-describedby");
    note = null;
  };
  const show = (link) => {
    if (note?.link === link) return;
    away();
    const box = Object.assign(document.createElement("span"), { className: "tl-cited", id: "cited", role: "tooltip", textContent: link.dataset.said });
    document.body.append(box);
    link.setAttribute("aria-describedby", box.id);
    const from = link.getClientRects()[0];
    const around = document.querySelector("main").getBoundingClientRect();
    const below = from.bottom + box.offsetHeight + 8 < innerHeight;
    box.style.left = `${scrollX + Math.max(around.left, Math.min(from.left, around.right - box.offsetWidth))}px`;
    box.style.top = `${scrollY + (below ? from.bottom : from.top - box.offsetHeight)}px`;
    box.addEventListener("mouseleave", away);
    note = { link, box };
  };
  for (const link of document.querySelectorAll("main a.reference.internal[title]")) {
    link.dataset.said = link.title;
    link.removeAttribute("title");
    link.addEventListener("mouseenter", () => show(link));
    link.addEventListener("mouseleave", (event) => { if (event.relatedTarget !== note?.box) away(); });
    link.addEventListener("focus", () => show(link));
    link.addEventListener("blur", away);
    let known = false;
    link.addEventListener("pointerdown", () => { known = note?.link === link; });
    link.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || known) return;
      event.preventDefault();
      show(link);
    });
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") away(); });

  const found = document.getElementById("claims-found");
  if (found) {
    document.querySelector(".search input").value = address.get("q");
    const words = address.get("q").toLowerCase().replace(/[‘’]/g, "'").split(/[\s“”"]+/).filter(Boolean);
    const hits = words.length ? window.trilateralClaims.filter(({ text }) => words.every((word) => text.includes(word))) : [];
    for (const { quote, paraphrase, url, verdict, shown } of hits) {
      const item = document.createElement("li");
      const link = Object.assign(document.createElement("a"), { href: root.dataset.content_root + url, textContent: quote });
      const chip = Object.assign(document.createElement("span"), { className: `tl-chip v-${verdict}`, textContent: shown });
      item.append(link, " ", chip, Object.assign(document.createElement("span"), { className: "tl-paraphrase", textContent: paraphrase }));
      found.querySelector("ul").append(item);
    }
    found.hidden = !hits.length;
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
