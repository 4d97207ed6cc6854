// The search page: claims by their own words, passages of pages by those of Sphinx's index and then of their texts, see
// trilateral/publish/passages.py.
(() => {
  "use strict";
  const root = document.documentElement;
  const page = document.getElementById("search-said");
  const { address, words: { SAME, EMPTY, stem, stems, asked } } = window.trilateral;
  const LEAST = 0.6; // of the words that a hit must have
  const [MOST_CLAIMS, MOST_PAGES, MOST_PASSAGES, MOST_OF_PAGE, SNIPPET] = [10, 16, 30, 5, 240];
  const WORD = /[\p{L}\p{N}]+/gu;
  // Japanese puts no spaces between words and Korean puts endings behind them: both are looked for by pieces of two letters.
  const OWN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;
  const pieces = (word) => (OWN.test(word) && word.length > 2 ? [...word.slice(1)].map((letter, place) => word[place] + letter) : [word]);
  const given = address.get("q").trim();
  const words = [...new Set(asked(given).flatMap(pieces))];
  document.querySelector(".search input").value = given;
  const element = (name, className, ...inside) => {
    const made = Object.assign(document.createElement(name), { className });
    made.append(...inside);
    return made;
  };
  const icon = (mark) => { // a verdict's form, as on every page
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS(drawn.namespaceURI, "path");
    for (const [name, value] of [["class", "tl-icon"], ["viewBox", "-1.2 -1.2 2.4 2.4"], ["aria-hidden", "true"]]) drawn.setAttribute(name, value);
    path.setAttribute("d", mark);
    drawn.append(path);
    return drawn;
  };
  const beside = (html) => { // what stands beside a verdict, as on cards and in the ledger
    const template = Object.assign(document.createElement("template"), { innerHTML: html });
    return template.content;
  };
  const href = (url) => root.dataset.content_root + url;

  // Share of the words that a text has, and a little more where they stand together.
  const rated = (text) => {
    const own = stems(text);
    const has = new Set(own);
    const share = words.filter((word) => has.has(word) || (OWN.test(word) && text.includes(word))).length / words.length;
    const together = words.length > 1 && share === 1 && (text.includes(given) || ` ${own.join(" ")} `.includes(` ${words.join(" ")} `));
    return { share, together };
  };
  const spots = (text) => { // beginnings and ends of the words looked for
    const hit = new Uint8Array(text.length);
    for (const { 0: word, index } of text.matchAll(WORD)) if (stems(word).some((each) => words.includes(each))) hit.fill(1, index, index + word.length);
    for (const word of words.filter((each) => OWN.test(each))) for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) hit.fill(1, at, at + word.length);
    return [...hit.join("").matchAll(/1+/g)].map(({ 0: run, index }) => [index, index + run.length]);
  };
  const marked = (text) => { // with the words looked for marked
    const found = spots(text);
    const parts = found.flatMap(([from, until], place) => [text.slice(found[place - 1]?.[1] ?? 0, from), element("mark", "", text.slice(from, until))]);
    return [...parts, text.slice(found.at(-1)?.[1] ?? 0)];
  };
  const tabled = (cells = "") => { // the words that its table has
    const found = [...new Set(spots(cells).map(([from, until]) => cells.slice(from, until)))];
    return found.length ? [Object.assign(element("span", "", "In its table: "), { lang: "en" }), element("mark", "", found.join(", ")), ". "] : [];
  };
  const snippet = (text) => { // the sentence with most of the words, cut around them
    const sentences = text.match(/.+?(?:[.?!][”’)]*(?=\s)|[。？！][」』）]*|$)/gs) ?? [];
    const rates = sentences.map(rated).map(({ share, together }) => share + together);
    const said = sentences[rates.indexOf(Math.max(...rates))].trim();
    if (said.length <= SNIPPET) return said;
    const first = spots(said)[0]?.[0] ?? 0;
    const space = (at) => (OWN.test(said) ? at : said.lastIndexOf(" ", at)); // a line of Japanese breaks anywhere
    const from = first < SNIPPET / 2 ? 0 : space(Math.round(first - SNIPPET / 3)) + 1;
    const until = from + SNIPPET >= said.length ? said.length : space(from + SNIPPET);
    return `${from ? "… " : ""}${said.slice(from, until)}${until < said.length ? " …" : ""}`;
  };
  const fill = (id, items) => {
    const section = document.getElementById(id);
    section.querySelector("ul").append(...items);
    section.hidden = !items.length;
  };

  // Pages by what Sphinx's index says of them: words are stems there too, and other names of a thing are asked for as well.
  const pages = ({ docnames, terms, titleterms }) => {
    const within = (kind, piece) => Object.keys(kind).filter((word) => word.includes(piece)).flatMap((word) => kind[word]);
    const places = (word) => new Set([terms, titleterms].flatMap((kind) => (
      OWN.test(word) ? within(kind, word) : Object.hasOwn(kind, word) ? kind[word] : [])));
    const both = (one, other) => new Set([...one].filter((each) => other.has(each)));
    const all = (phrase) => phrase.split(" ").filter((word) => !EMPTY.has(word)).map((word) => places(stem(word))).reduce(both);
    const named = (word) => SAME.find(({ token }) => token === word)?.names;
    const found = words.map((word) => new Set(named(word)?.flatMap((name) => [...all(name)]) ?? places(word)));
    const rate = ({ name, share }) => share - name.includes("/appendix/") / 100; // chapters first
    return docnames.map((name, place) => ({ name, share: found.filter((each) => each.has(place)).length / words.length }))
      .filter(({ share }) => share >= LEAST).sort((one, other) => rate(other) - rate(one)).slice(0, MOST_PAGES);
  };
  const load = (name) => new Promise((done) => {
    const script = Object.assign(document.createElement("script"), { src: href(`_static/words/${name.replaceAll("/", "-")}.js`) });
    script.onload = () => done(window.trilateralPassages[name]);
    script.onerror = () => done(null);
    document.head.append(script);
  });

  const show = async (index) => {
    const claims = window.trilateralClaims.map((claim) => ({ ...claim, ...rated(claim.text) })).filter(({ share }) => share >= LEAST)
      .sort((one, other) => other.share + other.together - one.share - one.together).slice(0, MOST_CLAIMS);
    fill("claims-found", claims.map(({ quote, paraphrase, url, verdict, shown, mark, beside: html }) => element("li", "",
      Object.assign(element("a", "", quote), { href: href(url) }), " ", element("span", `tl-chip v-${verdict}`, icon(mark), shown), " ", beside(html),
      element("span", "tl-paraphrase", paraphrase))));

    const ownFirst = ({ lang }) => (lang && words.some((word) => OWN.test(word)) ? 1 : 0); // not the links between languages
    const texts = (await Promise.all(pages(index).map(({ name }) => load(name)))).filter(Boolean);
    const passages = texts.flatMap(({ url, title, lang, passages: own }) => own.map(([anchor, heading, text, more]) => (
      { url: `${url}${anchor && "#"}${anchor}`, title, lang, heading, text, more, ...rated(`${heading}. ${text} ${more ?? ""}`) })));
    const most = Math.max(LEAST, ...passages.map(({ share }) => share)); // where some have all words, those alone
    const best = passages.filter(({ share }) => share >= most).map((passage) => {
      const shown = rated(passage.text).share;
      return { ...passage, shown, score: passage.together + ownFirst(passage) + rated(passage.heading).share + shown / 2 - passage.url.includes("/appendix/") / 2 };
    }).sort((one, other) => other.score - one.score);
    const of = {};
    const few = best.length <= MOST_PASSAGES;
    const listed = best.filter(({ title }) => { of[title] = (of[title] ?? 0) + 1; return few || of[title] <= MOST_OF_PAGE; })
      .slice(0, MOST_PASSAGES);
    fill("passages-found", listed.map(({ url, title, lang = "en", heading, text, more, shown }) => Object.assign(element("li", "",
      Object.assign(element("a", "", heading), { href: href(url) }), ...(title === heading ? [] : [element("span", "tl-by", title)]),
      element("p", "", ...(shown ? [] : tabled(more)), ...(text ? marked(snippet(text)) : []))), { lang })));

    const count = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
    const whole = [claims[0], best[0]].some((each) => each?.share === 1);
    const rest = best.length > listed.length ? `, the best ${listed.length} of them listed` : "";
    page.textContent = !claims.length && !best.length ? `Nothing in the book has the words “${given}”. Try fewer words, or others.`
      : `“${given}”: ${count(claims.length, "claim")} and ${count(best.length, "passage")}${rest}.`
        + (whole ? "" : " None has all the words; these have most.");
  };
  window.Search = { setIndex: (index) => { // what Sphinx's index calls
    if (words.length) show(index);
    else if (given) page.textContent = `“${given}” is in every text. Try a word that says more.`;
  } };
})();
