// Everything here adds to pages that are complete without it: dark mode, all code at once, words of the marks, interactive
// figures, a page's contents on a phone, references at hand. What a reader sets is kept in the address, so that it can be shared.
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
  window.trilateral = { address }; // for find.js

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
    const show = (open) => {
      code.setAttribute("aria-pressed", String(open));
      folded.forEach((each) => { each.open = open; });
    };
    code.hidden = false;
    code.addEventListener("click", () => {
      const open = code.getAttribute("aria-pressed") !== "true";
      show(open);
      address.set({ code: open ? "all" : "" });
    });
    if (address.get("code") === "all") show(true);
  }

  const here = document.querySelector("nav.here > ul");
  const jump = document.querySelector("details.jump");
  if (here && jump) {
    jump.append(here.cloneNode(true));
    jump.hidden = false;
  }

  // A browser opens a fold for what is inside; a link to the section, or to a name of it, means its text too.
  const unfold = () => {
    const target = document.getElementById(location.hash.slice(1));
    const fold = target?.closest("section")?.querySelector(":scope > .tl-fold");
    if (fold && !fold.open) {
      fold.open = true;
      target.scrollIntoView();
    }
  };
  if (document.querySelector(".tl-fold")) {
    unfold();
    window.addEventListener("hashchange", unfold);
    document.addEventListener("click", (event) => { // also a link to where the page already is
      if (event.target.closest?.('a[href^="#"]')?.hash === location.hash) unfold();
    });
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
  const SEEN = new Set(["highlight", "from_year", "to_year"]); // what is looked at; other settings change what is computed
  const bound = (spec) => (spec.params ?? []).filter((each) => each.bind);
  const allowed = (given, text) => { // a value from an address, if the control could have it
    const { input, options, min, max } = given.bind;
    if (input === "select") return options.find((option) => String(option) === text);
    const number = Number(text);
    return text.trim() && number >= min && number <= max ? number : undefined;
  };
  // Settings of figures, by figure and name. In the address those of one figure stand by their names, those of several by
  // both: figure=one&from_year=2001, figure=one,other&one.from_year=2001&other.highlight=JPN
  const settings = new Map();
  const asking = address.get("figure").split(",").filter(Boolean);
  const written = () => Object.fromEntries([...settings].flatMap(([id, own]) => Object.entries(own)
    .map(([name, value]) => [settings.size > 1 ? `${id}.${name}` : name, value])));
  const set = (id, own) => { // what a figure has that differs from its first state; nothing takes it out of the address
    const gone = Object.fromEntries(Object.keys(written()).map((name) => [name, ""]));
    if (Object.keys(own).length) settings.set(id, own); else settings.delete(id);
    address.set({ ...gone, ...written(), figure: [...settings.keys()].join(",") }, settings.has(id) ? `#${id}` : location.hash);
  };
  // A pointer need not hit a mark: the nearest within reach tells its values.
  const REACH = { mouse: 30, pen: 30, touch: 60 }; // px
  const marks = function* (group, x = 0, y = 0) { // of the drawing, each with its room
    for (const mark of group.items) {
      for (const item of mark.items ?? []) {
        if (mark.marktype === "group") yield* marks(item, x + (item.x ?? 0), y + (item.y ?? 0));
        else if (item.tooltip && item.bounds) {
          const { x1, x2, y1, y2 } = mark.marktype === "symbol" ? { x1: item.x, x2: item.x, y1: item.y, y2: item.y } : item.bounds;
          const inside = x2 >= -1 && y2 >= -1 && x1 <= (group.width ?? Infinity) + 1 && y1 <= (group.height ?? Infinity) + 1;
          if (!mark.clip || inside) yield { item, x1: x + x1, x2: x + x2, y1: y + y1, y2: y + y2 };
        }
      }
    }
  };
  const nearest = (view, place) => {
    const tell = view.tooltip();
    const away = (event) => tell(null, event, null, null);
    const point = (event, reach) => {
      const drawn = place.querySelector("svg > g, svg g");
      if (!drawn || (event.type === "pointermove" && event.target.__data__?.tooltip)) return; // Vega tells it
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawn.getScreenCTM().inverse());
      let best = { far: reach };
      for (const { item, x1, x2, y1, y2 } of marks(view.scenegraph().root.items[0])) {
        const far = Math.hypot(Math.max(x1 - at.x, 0, at.x - x2), Math.max(y1 - at.y, 0, at.y - y2));
        if (far < best.far) best = { far, item };
      }
      if (best.item) tell(null, event, best.item, best.item.tooltip); else away(event);
    };
    place.addEventListener("pointermove", (event) => point(event, REACH[event.pointerType] ?? REACH.mouse));
    place.addEventListener("click", (event) => { // a finger points without moving
      if (event.pointerType === "touch") point(event, REACH.touch);
    });
    place.addEventListener("pointerleave", away);
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
      for (const each of params) each.value = allowed(each, asked(each.name)) ?? each.value;
      const place = document.createElement("div");
      plot.replaceChildren(place);
      const { view } = await window.vegaEmbed(place, spec, { renderer: "svg", actions: false, ast: true, defaultStyle: false,
        tooltip: { theme: "custom", disableDefaultStyle: true } });
      const idle = new Set(spec.params?.map(({ name }) => name).filter((name) => name.startsWith("idle_"))); // charts/division.py
      const resting = (name) => idle.has(`idle_${name}`) && view.signal(`idle_${name}`);
      const moved = () => Object.fromEntries(params.map(({ name }) => [name, String(view.signal(name))])
        .filter(([name, value]) => value !== String(first[name]) && !resting(name)));
      const said = Object.assign(document.createElement("p"), { className: "tl-yours", hidden: true,
        textContent: "Your settings. Headline, subtitle, text, data table and downloads still show the book’s. " });
      const back = Object.assign(document.createElement("button"), { type: "button", textContent: "Reset" });
      back.addEventListener("click", () => {
        for (const [name, value] of Object.entries(first)) view.signal(name, value);
        view.runAsync();
        place.querySelector("input:enabled, select").focus();
      });
      said.append(back);
      if (params.some(({ name }) => !SEEN.has(name))) place.before(said);
      const tell = () => {
        said.hidden = !Object.keys(moved()).some((name) => !SEEN.has(name));
        figure.classList.toggle("tl-changed", !said.hidden);
        for (const each of place.querySelectorAll("input")) each.disabled = resting(each.name);
        for (const number of place.querySelectorAll("input + span")) number.textContent = number.textContent.replace("-", "−");
      };
      tell();
      place.addEventListener("input", tell); // behind Vega, which writes a hyphen
      if (Object.keys(moved()).length) settings.set(figure.id, moved());
      for (const name of [...Object.keys(first), ...idle]) view.addSignalListener(name, () => { tell(); set(figure.id, moved()); });
      nearest(view, place);
      plot.still = { still, invitation, leave: () => {
        figure.classList.remove("tl-changed");
        set(figure.id, {});
        view.finalize();
      } };
      button.textContent = "Still picture";
      if (byKeyboard) place.querySelector("input:enabled, select")?.focus();
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
      } else explore(button, () => "", event.detail === 0);
    });
    if (asking.includes(button.dataset.figure)) {
      const given = address.all();
      explore(button, (name) => given.get(`${button.dataset.figure}.${name}`) ?? (asking.length === 1 ? given.get(name) : null) ?? "");
    }
  }
  for (const link of document.querySelectorAll('.tl-tools a[href^="#"]')) {
    link.addEventListener("click", async () => { // the browser follows the link, and the address is ready to be pasted
      const query = settings.has(link.hash.slice(1)) ? location.search : "";
      try { await navigator.clipboard.writeText(`${location.href.split(/[?#]/)[0]}${query}${link.hash}`); } catch { return; }
      const word = link.firstChild;
      const before = word.data;
      word.data = "Copied";
      setTimeout(() => { word.data = before; }, 1500);
    });
  }

  const site = new URL(root.dataset.content_root || "./", location.href);
  for (const part of location.protocol.startsWith("http") ? document.querySelectorAll(".tl-citation") : []) {
    const texts = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const text = texts.currentNode;
      text.data = text.data.replace(/(?<![\w/.-])book\/[\w./-]+\.html(#[\w-]+)?/g, (path) => new URL(path, site).href);
    }
  }
  for (const text of document.querySelectorAll(".tl-share pre")) {
    const { path, wide } = text.dataset; // a path is there where the book was not told its own address
    if (path && location.protocol.startsWith("http")) {
      const whole = new URL(path, site).href, said = text.textContent;
      text.textContent = said.includes(path) ? said.replace(path, whole) : `${said} ${whole}`;
    }
    if (wide) { // below 577 px the factor takes the limit off the height, from there on the wide drawing shows
      const limit = `border:0;max-height:max(${wide}px,(577px - 100cqw)*9999)`;
      text.textContent = `<div style="container-type:inline-size">${text.textContent.replace("border:0", limit)}</div>`;
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

  const entries = new Map([...document.querySelectorAll("nav.here a")].map((a) => [a.hash.slice(1), a]));
  if (entries.size && "IntersectionObserver" in window) {
    const inside = new Set();
    const observer = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) inside[isIntersecting ? "add" : "delete"](target.id);
      const ids = [...entries.keys()];
      const current = ids.filter((id) => inside.has(id)).at(-1);
      const first = document.getElementById(ids.find((id) => id));
      if (!current && first?.getBoundingClientRect().top < 0) return; // between two sections
      entries.forEach((a) => a.removeAttribute("aria-current"));
      entries.get(current)?.setAttribute("aria-current", "true");
    }, { rootMargin: "-10% 0px -75% 0px" });
    document.querySelectorAll("main section[id]").forEach((section) => {
      if (entries.has(section.id)) observer.observe(section);
    });
  }
})();
