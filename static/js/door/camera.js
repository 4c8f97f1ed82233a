// The camera, and the codes that it sees. The same code in front of it is one scan until it was away for three seconds.
const AWAY = 3000, EVERY = 90, WIDEST = 800; // ms; ms between two looks; pixels

export class Camera {
  // `found(text)`; `closed()` where the phone takes the camera away.
  constructor(video, { wasm, found, closed }) {
    Object.assign(this, { video, wasm, found, closed, stream: null, seen: new Map() });
    document.addEventListener("visibilitychange", () => { if (!document.hidden && this.stream) this.wake(); });
  }

  // Throws what getUserMedia throws, or why the reader cannot be had; then the camera is shut, to be tried again. One at a time.
  open() {
    return this.opening ??= this.begin().finally(() => { this.opening = null; });
  }

  async begin() {
    if (this.stream) return;
    const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    const lost = () => { if (this.stream === stream) { this.close(); this.closed(); } };
    for (const track of stream.getTracks()) track.addEventListener("ended", lost);
    this.video.srcObject = stream;
    try {
      await this.video.play();
      this.look ??= await chooseReader(this.wasm);
    } catch (error) {
      if (this.stream === stream) this.close();
      throw error;
    }
    if (this.stream !== stream) return;
    this.wake();
    this.loop(stream);
  }

  close() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = this.video.srcObject = null;
    this.lock?.release().catch(() => {});
  }

  // The screen stays lit.
  async wake() {
    try { this.lock = await navigator.wakeLock?.request("screen"); } catch { /* the phone decides */ }
  }

  async loop(stream) {
    while (this.stream === stream) {
      const began = performance.now();
      if (!document.hidden && this.video.videoWidth) this.see(await this.look(this.video).catch(() => ""), began);
      await new Promise((resolve) => setTimeout(resolve, Math.max(10, EVERY - (performance.now() - began))));
    }
  }

  see(text, at) {
    if (!text) return;
    const fresh = !(at - this.seen.get(text) <= AWAY);
    this.seen.set(text, at);
    if (!fresh) return;
    for (const [other, when] of this.seen) if (at - when > AWAY) this.seen.delete(other);
    this.found(text);
  }
}

// Whether the browser itself reads QR codes.
export const hasOwnReader = async () => (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []) ?? []).includes("qr_code");

// The browser's own reader where it can, else WebAssembly. → video → text or ""
async function chooseReader(wasm) {
  if (await hasOwnReader()) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? "";
  }
  const { prepare, readPicture } = await import("./reader.js");
  await prepare(wasm);
  const canvas = document.createElement("canvas"), drawn = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, WIDEST / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    drawn.drawImage(video, 0, 0, canvas.width, canvas.height);
    return readPicture(drawn.getImageData(0, 0, canvas.width, canvas.height));
  };
}
