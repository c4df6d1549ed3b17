// Conveniences of the draft form: saves by itself, warns before leaving, keeps text when it cannot save, formats.
// Without this file the form saves by its button and nothing is missing.
(function () {
  "use strict";
  var form = document.getElementById("draft");
  if (!form || !window.fetch || !window.FormData) { return; }
  var EVERY = 10000; // milliseconds between two looks at whether something changed
  var version = document.getElementById("version");
  var said = document.getElementById("said");
  var trouble = document.getElementById("trouble");
  var presence = document.getElementById("presence");
  var key = "draft-" + form.getAttribute("data-number");
  var isDisputed = form.hasAttribute("data-is-disputed");
  var isStopped = isDisputed, isLeaving = false, isSaving = false;

  function written() {
    var pairs = [];
    new FormData(form).forEach(function (value, name) {
      if (name !== "csrf_token" && name !== "version" && name.indexOf("place.") !== 0) { pairs.push([name, value]); }
    });
    return JSON.stringify(pairs);
  }
  var saved = isDisputed ? "" : written();

  function complain(words) {
    trouble.textContent = words;
    trouble.hidden = !words;
  }

  // What could not be saved stays in this tab, also over a sign-in.
  function keepHere() {
    try { window.sessionStorage.setItem(key, JSON.stringify({ version: version.value, text: written() })); } catch (error) { /* full or forbidden: the page still has it */ }
  }
  function forgetHere() {
    try { window.sessionStorage.removeItem(key); } catch (error) { /* nothing was kept */ }
  }

  function save() {
    var now = written();
    if (isStopped || isSaving || isLeaving || now === saved) { return; }
    isSaving = true;
    fetch(form.getAttribute("data-autosave"), {
      method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "error"
    }).then(function (answer) {
      if (answer.status === 409) {
        return answer.json().then(function (told) { isStopped = true; keepHere(); complain(told.message); });
      }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json().then(function (told) {
        saved = now;
        version.value = told.version;
        said.textContent = told.saved;
        presence.textContent = told.others;
        presence.hidden = !told.others;
        complain("");
        forgetHere();
      });
    }).catch(function () {
      keepHere();
      complain("没能自动保存（网络断了，或登录已过期）。文字还在本页，也留在了这个标签页里：重新登录后刷新本页，按“放回来”。");
    }).then(function () { isSaving = false; });
  }
  setInterval(save, EVERY);
  document.addEventListener("visibilitychange", function () { if (document.hidden) { save(); } });
  form.addEventListener("submit", function () { isLeaving = true; keepHere(); });
  window.addEventListener("pageshow", function () { isLeaving = false; });
  window.addEventListener("beforeunload", function (event) {
    if (!isLeaving && written() !== saved) { event.preventDefault(); event.returnValue = ""; }
  });

  function restore(pairs) {
    Array.prototype.forEach.call(form.elements, function (control) {
      if (control.type === "checkbox" || control.type === "radio") { control.checked = false; }
    });
    pairs.forEach(function (pair) {
      var found = form.elements.namedItem(pair[0]);
      var controls = found && found.length !== undefined && !found.tagName ? found : [found];
      Array.prototype.forEach.call(controls, function (control) {
        if (!control || control.type === "hidden" || control.type === "submit") { return; }
        if (control.type === "checkbox" || control.type === "radio") { control.checked = control.checked || control.value === pair[1]; }
        else { control.value = pair[1]; }
      });
    });
  }
  var kept = null;
  try { kept = JSON.parse(window.sessionStorage.getItem(key)); } catch (error) { kept = null; }
  if (kept && kept.text !== written() && !isDisputed && !/[?&]saved=/.test(location.search)) {
    trouble.hidden = false;
    trouble.textContent = "上次有一些文字没有来得及保存，留在了这个标签页里。";
    ["放回来", "不要了"].forEach(function (words, place) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "action";
      button.textContent = words;
      button.addEventListener("click", function () {
        if (place === 0) {
          restore(JSON.parse(kept.text));
          version.value = kept.version; // saved on top of what it was written on, so that others' changes are joined
        }
        forgetHere();
        complain("");
      });
      trouble.appendChild(document.createTextNode(" "));
      trouble.appendChild(button);
    });
  } else if (!isDisputed) { forgetHere(); }

  // A small bar over the long texts: it writes the Markdown that the preview button shows rendered.
  var MARKS = [["小标题", "\n### ", ""], ["加粗", "**", "**"], ["条目", "\n- ", ""], ["序号", "\n1. ", ""], ["出处〔〕", "〔", "〕"]];
  form.querySelectorAll("textarea[data-marked]").forEach(function (area) {
    var bar = document.createElement("div");
    bar.className = "format";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "格式");
    MARKS.forEach(function (mark) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = mark[0];
      button.addEventListener("click", function () {
        var start = area.selectionStart, end = area.selectionEnd, chosen = area.value.slice(start, end);
        var before = start === 0 ? mark[1].replace(/^\n/, "") : mark[1];
        area.setRangeText(before + chosen + mark[2], start, end, "end");
        if (!chosen && mark[2]) { area.selectionStart = area.selectionEnd = start + before.length; }
        area.focus();
      });
      bar.appendChild(button);
    });
    var look = document.createElement("button");
    look.type = "submit";
    look.name = "do";
    look.value = "preview:" + area.name;
    look.textContent = "看排版";
    bar.appendChild(look);
    area.parentNode.insertBefore(bar, area);
  });
})();
