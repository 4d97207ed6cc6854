// What finds words, for the filters of the ledger and of the tables and for search.js. Words are compared by their stems (the
// build puts the stemmer of Sphinx's index before this file) and by what else people call the same thing. What a reader looks for is kept in
// the address, so that it can be shared.
(() => {
  "use strict";
  const { address } = window.trilateral;
  const stemmer = new PorterStemmer();

  const SAME = [ // names of one thing, as `plain` writes them
    ["south korea", "south korean", "south koreans", "republic of korea", "rok", "seoul"],
    ["north korea", "north korean", "north koreans", "dprk", "pyongyang"],
    ["united states", "usa", "us", "u s", "american", "americans", "washington"],
    ["japan", "japanese", "tokyo"],
    ["china", "chinese", "beijing", "prc"],
    ["chip", "chips", "semiconductor", "semiconductors"],
    ["gray zone", "grey zone", "grayzone", "greyzone"],
    ["gray", "grey"],
    ["covid", "covid 19", "coronavirus"],
    ["un", "united nations"],
  ].map((names) => ({ names, token: `=${names[0]}`.replace(" ", "-"), pattern: new RegExp(` (?:${names.join("|")})(?= )`, "g") }));
  const EMPTY = new Set(("a an and are as at be been but by can did do does for from had has have how if in into is it its must near no not of on "
    + "or s should so such t than that the their then there these they this to was were what when where which who why will with "
    + "would").split(" "));

  const american = (word) => word.replace(/^(behavi|fav|harb|hon|lab|neighb)our/, "$1or").replace(/^(defen|offen|licen)ce/, "$1se")
    .replace(/^((?:de)?mobili|institutionali|normali|organi|recogni|stabili)s(?=[aei])/, "$1z").replace(/^programme/, "program")
    .replace(/^centre/, "center");
  const kept = new Map();
  const stem = (word) => { // of a word as it is written: the stem of a stem may be another
    if (!kept.has(word)) kept.set(word, word[0] === "=" ? word : stemmer.stemWord(american(word)));
    return kept.get(word);
  };
  // Letters and digits alone, in lower case; "US" is a country, "us" is not.
  const plain = (text) => ` ${text.replace(/\bus\b/g, " ").toLowerCase().replace(/[‘’']s?\b/g, " ").match(/[\p{L}\p{N}]+/gu)?.join(" ") ?? ""} `;
  const named = (text) => SAME.reduce((said, { pattern, token }) => said.replace(pattern, ` ${token}`), text);
  const says = (word) => word && !EMPTY.has(word);
  const told = (said) => named(said).split(" ").filter(says).map(stem).filter(says); // “ones” has the stem “on”, as the index has it
  const stems = (text) => told(plain(text));
  const asked = (text) => [...new Set(stems(text.replace(/\bus\b/g, "US")))];
  const later = (todo) => (window.requestIdleCallback ? requestIdleCallback(todo, { timeout: 500 }) : setTimeout(todo));

  window.trilateral.words = { SAME, EMPTY, stem, stems, asked };

  const remembered = (form) => { // what the address says is filled in, what the reader fills in goes there
    const fields = [...form.elements].filter((field) => field.name);
    for (const field of fields) {
      const value = address.get(field.name);
      if (field.type === "search" || [...field.options ?? []].some((option) => option.value === value)) field.value = value;
    }
    return () => address.set(Object.fromEntries(fields.map((field) => [field.name, field.value])));
  };
  // Whether a text has all words of a field; the last may still be incomplete. Texts are read when first asked for.
  const holds = (given) => {
    const words = asked(given);
    const typed = /[\p{L}\p{N}]$/u.test(given) ? plain(given).trim().split(" ").at(-1) : "";
    const whole = typed ? asked(given.slice(0, given.length - typed.length)) : words;
    return (entry) => {
      if (!words.length && !typed) return true;
      entry.plain ??= plain(entry.text());
      entry.stems ??= new Set(told(entry.plain));
      return words.every((word) => entry.stems.has(word))
        || (typed && entry.plain.includes(` ${typed}`) && whole.every((word) => entry.stems.has(word)));
    };
  };
  const filtered = (form, filter) => {
    const remember = remembered(form);
    form.hidden = false;
    form.addEventListener("input", () => { filter(); remember(); });
    form.addEventListener("reset", () => setTimeout(() => { filter(); remember(); }));
    form.addEventListener("submit", (event) => event.preventDefault());
    filter(); // a browser may keep what was typed before
  };
  const counted = (form, shown, all, what) => {
    form.querySelector("output").textContent = shown ? `${shown} of ${all} ${what}` : `None of ${all} ${what} fits. “Show all” brings them back.`;
  };

  for (const section of document.querySelectorAll(".tl-ledger")) {
    const form = section.querySelector("form");
    const body = section.querySelector("tbody");
    const lines = [...body.rows].map((row) => ({ row, text: () => row.textContent }));
    filtered(form, () => {
      const fits = holds(form.elements.words.value);
      let shown = 0;
      for (const line of lines) {
        const hidden = ["now", "source", "chapter"].some((name) => form.elements[name].value
          && form.elements[name].value !== line.row.dataset[name]) || !fits(line)
          || (form.elements.marked.value && !line.row.dataset.marked.split("; ").includes(form.elements.marked.value));
        if (line.row.hidden !== hidden) line.row.hidden = hidden;
        shown += !hidden;
      }
      section.querySelector("table").hidden = !shown;
      counted(form, shown, lines.length, "claims");
    });

    const heads = [...section.querySelectorAll("thead th")];
    const sort = (column, up) => {
      heads.forEach((head) => head.removeAttribute("aria-sort"));
      heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
      const key = (row) => row.cells[column].dataset.sort ?? row.cells[column].textContent.replace(/^[“‘]+/, "");
      const compare = new Intl.Collator("en", { numeric: true }).compare;
      body.append(...lines.map(({ row }) => [key(row), row]).sort(([a], [b]) => (up ? 1 : -1) * compare(a, b)).map(([, row]) => row));
    };
    const given = address.get("sort");
    if (heads[Math.abs(given) - 1]) sort(Math.abs(given) - 1, given[0] !== "-");
    later(() => heads.forEach((head, column) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        sort(column, up);
        address.set({ sort: `${up ? "" : "-"}${column + 1}` });
      });
    }));
  }

  for (const index of document.querySelectorAll(".tl-index")) {
    const form = index.querySelector("form");
    const lines = [...index.querySelectorAll("tr[data-table]")].map((row) => {
      const entry = document.getElementById(row.dataset.table);
      return { row, entry, text: () => `${row.textContent} ${row.dataset.words} ${entry.textContent}` };
    });
    const filter = () => {
      const { words, chapter, country, open } = form.elements;
      const fits = holds(words.value);
      let shown = 0;
      for (const line of lines) {
        const { row, entry } = line;
        row.hidden = (chapter.value && chapter.value !== row.dataset.chapter) || (open.value && open.value !== row.dataset.open)
          || (country.value && !row.dataset.country.split(" ").includes(country.value)) || !fits(line);
        entry.hidden = row.hidden;
        shown += !row.hidden;
      }
      for (const body of index.querySelectorAll("tbody")) body.hidden = !body.querySelector("tr[data-table]:not([hidden])");
      for (const group of document.querySelectorAll(".tl-tables")) group.hidden = !group.querySelector(".tl-table:not([hidden])");
      index.querySelector("table").hidden = !shown;
      counted(form, shown, lines.length, "tables");
    };
    const reveal = (id) => { // a link to a table that the filter hides shows all
      const target = id && document.getElementById(id);
      if (!target?.closest("[hidden]")) return;
      form.reset();
      filter();
      target.scrollIntoView();
    };
    filtered(form, filter);
    document.addEventListener("click", (event) => reveal(event.target.closest?.('a[href^="#"]')?.hash.slice(1)));
    window.addEventListener("hashchange", () => reveal(location.hash.slice(1)));
  }
})();
