// A measurement under way: says how far it is, and shows the page anew when it is over. Without it, 再看一次 does.
(function () {
  "use strict";
  var EVERY = 2000; // milliseconds between two questions
  var place = document.getElementById("stage");
  var words = document.getElementById("stage-words");
  function ask() {
    fetch(place.dataset.stage, { credentials: "same-origin" })
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.json() : Promise.reject(); })
      .then(function (told) {
        if (!told.stage) { location.reload(); return; }
        if (words.textContent !== told.stage) { words.textContent = told.stage; }
        setTimeout(ask, EVERY);
      })
      .catch(function () { /* signed out or the server is away: the link above remains */ });
  }
  if (place && window.fetch) { setTimeout(ask, EVERY); }
})();
