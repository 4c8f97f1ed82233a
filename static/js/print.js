// The label opens the print dialogue as soon as its letters are there.
await document.fonts.ready;
window.print();
