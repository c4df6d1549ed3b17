// Conveniences only: every page is complete without this file.
(function () {
  "use strict";

  function copy(text, done) {
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(text).then(function () { done(true); }, function () { done(false); });
      return;
    }
    // Intranet pages are often plain http, where the clipboard object is missing.
    var area = document.createElement("textarea");
    area.value = text;
    document.body.appendChild(area);
    area.select();
    var copied = false;
    try { copied = document.execCommand("copy"); } catch (error) { copied = false; }
    area.remove();
    done(copied);
  }

  var deeds = {
    print: function () { window.print(); },
    copy: function (button) {
      var text = document.getElementById(button.getAttribute("data-from")).textContent;
      var said = button.parentNode.querySelector(".said");
      copy(text, function (copied) { said.textContent = copied ? "已复制" : "没能复制，请选中上面的文字复制"; });
    }
  };

  document.querySelectorAll("[data-does]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { deeds[button.getAttribute("data-does")](button); });
  });

  var box = document.querySelector("[data-suggest]");
  if (box && window.fetch) {
    var offers = document.getElementById("offers");
    var last = "", timer = 0;
    var ask = function () {
      var typed = box.value.trim();
      if (typed === last || typed.length > 20) { return; }
      last = typed;
      if (!typed) { offers.textContent = ""; return; }
      fetch(box.getAttribute("data-suggest") + "?q=" + encodeURIComponent(typed)).then(function (answer) {
        return answer.ok ? answer.json() : [];
      }).then(function (lines) {
        if (typed !== last) { return; }
        offers.textContent = "";
        lines.forEach(function (line) {
          var option = document.createElement("option");
          option.value = line.text;
          option.label = line.kind;
          offers.appendChild(option);
        });
      }).catch(function () { offers.textContent = ""; });
    };
    box.addEventListener("input", function (event) {
      if (event.isComposing) { return; }
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
    box.addEventListener("compositionend", ask);
  }

  document.addEventListener("keydown", function (event) {
    var box = document.getElementById("q");
    var writing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
    if (box && event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  });
})();
