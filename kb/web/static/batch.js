// Tells by itself how far a batch is; without this file the page is opened anew by its link.
(function () {
  "use strict";
  var every = 2000;

  function look() {
    fetch(window.location.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      var fresh = new DOMParser().parseFromString(text, "text/html").querySelector("[data-progress]");
      var shown = document.querySelector("[data-progress]");
      if (!fresh || !shown) { window.location.reload(); return; }
      if (fresh.textContent !== shown.textContent) { shown.replaceWith(fresh); }
      window.setTimeout(look, every);
    }).catch(function () { window.setTimeout(look, every * 5); });
  }

  if (window.fetch && window.DOMParser) { window.setTimeout(look, every); }
})();
