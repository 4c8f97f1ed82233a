// The answer for ear and hand: one short · two short · long and low. The screen is enough without it.
const TUNES = { // [Hz, ms] in a row; 0 Hz is a rest
  ok: [[880, 130]],
  again: [[660, 90], [0, 70], [660, 90]],
  out: [[520, 130]],
  ask: [[520, 120], [0, 40], [390, 200]],
  swap: [[220, 650]],
  else: [[330, 120], [0, 60], [330, 120], [0, 60], [330, 120]],
  stop: [[180, 750]],
};
const TOUCH = { ok: [80], again: [60, 80, 60], out: [80], ask: [120, 60, 120], swap: [500], else: [90, 60, 90, 60, 90], stop: [600] };

export class Sound {
  constructor() { this.on = true; this.context = null; }

  // Browsers let a page sound after a press only.
  wake() {
    this.context ??= window.AudioContext ? new AudioContext() : null;
    if (this.context?.state === "suspended") this.context.resume().catch(() => {});
  }

  play(tone) {
    if (!this.on || !TUNES[tone]) return;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(TOUCH[tone]);
    if (this.context?.state !== "running") return;
    let at = this.context.currentTime;
    for (const [hertz, ms] of TUNES[tone]) {
      if (hertz) this.beep(hertz, at, ms / 1000);
      at += ms / 1000;
    }
  }

  beep(hertz, at, long) {
    const tone = this.context.createOscillator(), volume = this.context.createGain();
    tone.type = hertz < 400 ? "square" : "sine";
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.25, at);
    volume.gain.setTargetAtTime(0, at + long - 0.02, 0.01);
    tone.connect(volume).connect(this.context.destination);
    tone.start(at);
    tone.stop(at + long + 0.05);
  }
}
