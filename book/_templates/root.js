
(function () { // a host shows this page in place of any that is missing, however deep: find where the book begins
  if (location.protocol === "file:") return;
  var base = document.querySelector("base") || document.head.appendChild(document.createElement("base"));
  var given = base.getAttribute("href") || "";
  var parts = location.pathname.split("/").slice(1, -1);
  var inside = parts.findIndex(function (part) { return /^(_static|book|cards|data|downloads|figures)$/.test(part); });
  if (inside >= 0) given = "/" + parts.slice(0, inside).map(function (part) { return part + "/"; }).join("");
  else if (!given || location.pathname.indexOf(given) !== 0) given = /\.github\.io$/.test(location.hostname) && parts.length ? "/" + parts[0] + "/" : "/";
  base.href = given;
})();
