// Copies the rich text with its looks; without this file one selects it and copies.
const rich = document.getElementById("rich");
const plain = document.getElementById("plain");
const said = document.querySelector(".said");

function byClipboardObject(html, text) {
  const parts = {
    "text/html": new Blob([html], { type: "text/html" }),
    "text/plain": new Blob([text], { type: "text/plain" }),
  };
  return navigator.clipboard.write([new ClipboardItem(parts)]);
}

// Intranet pages are often plain http, where the clipboard object is missing.
function byCommand(html, text) {
  const fill = (event) => {
    if (html) { event.clipboardData.setData("text/html", html); }
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", fill);
  const copied = document.execCommand("copy");
  document.removeEventListener("copy", fill);
  return copied ? Promise.resolve() : Promise.reject(new Error("not copied"));
}

function copy(html, text) {
  const may = window.isSecureContext && navigator.clipboard && window.ClipboardItem;
  if (!may) { return byCommand(html, text); }
  const done = html ? byClipboardObject(html, text) : navigator.clipboard.writeText(text);
  return done.catch(() => byCommand(html, text));
}

for (const button of document.querySelectorAll("[data-copies]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const html = button.dataset.copies === "rich" ? rich.innerHTML : "";
    copy(html, plain.value).then(
      () => { said.textContent = "已复制，到编辑器里粘贴。"; },
      () => { said.textContent = "没能复制，请选中下面的文字复制。"; },
    );
  });
}
