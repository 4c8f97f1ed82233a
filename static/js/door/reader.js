// A worker: reads QR codes in pictures, where the browser has no reader of its own. The first message names the WebAssembly file.
import { prepareZXingModule, readBarcodes } from "../../zxing/reader/index.js";

const HOW = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };

self.addEventListener("message", async ({ data }) => {
  if (data.wasm) return prepareZXingModule({ overrides: { locateFile: () => data.wasm }, fireImmediately: true }).catch(() => {});
  const found = await readBarcodes(data.picture, HOW).catch(() => []);
  self.postMessage({ text: found.find((one) => one.isValid)?.text ?? "" });
});
