// ReDoc, from our own files and about our own document.
const place = document.getElementById("redoc");

// It shows its maker's logo, an image of its own from its maker's server; nothing here does that.
Object.defineProperty(HTMLImageElement.prototype, "src", { set() {} });
HTMLImageElement.prototype.setAttribute = function (name, value) {
  if (name !== "src") Element.prototype.setAttribute.call(this, name, value);
};

Redoc.init(place.dataset.document, {}, place);
