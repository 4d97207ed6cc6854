
(function () {
  var root = document.documentElement, kept = null;
  root.classList.add("script");
  try { kept = localStorage.getItem("theme"); } catch (e) { /* storage may be forbidden */ }
  var dark = kept ? kept === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "dark" : "light";
  if (location.protocol === "file:") { // there a browser refuses to fetch a font ahead
    root.classList.add("folder");
    return;
  }
  ["serif-4", "sans-3"].forEach(function (name) {
    document.head.appendChild(Object.assign(document.createElement("link"), {
      rel: "preload", as: "font", type: "font/woff2", crossOrigin: "",
      href: root.dataset.content_root + "_static/fonts/source-" + name + "-latin-wght-normal.woff2" }));
  });
})();
