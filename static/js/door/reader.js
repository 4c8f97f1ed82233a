// Reads QR codes in pictures, where the browser has no reader of its own. In the page and not in a worker: requests of a worker
// pass by the service worker, which alone has the WebAssembly without a network.
import { prepareZXingModule, readBarcodes } from "../../zxing/reader/index.js";

const HOW = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

// `wasm`: where the WebAssembly is.
export const prepare = (wasm) => prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });

// ImageData → the text of a code in it, or "".
export async function readPicture(picture) {
  const found = await readBarcodes(picture, HOW);
  return found.find((one) => one.isValid)?.text ?? "";
}
