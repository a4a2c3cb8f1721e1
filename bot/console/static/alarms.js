// A new request is heard and seen: a short sound, and a notification of the system where the page is not in front.
import { isOn } from "./switches.js";

let audio;

function sound(isUrgent) {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume().catch(() => {});
  for (const [at, pitch] of isUrgent ? [[0, 880], [0.25, 1175], [0.5, 880]] : [[0, 660], [0.2, 880]]) {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const volume = new GainNode(audio, { gain: 0.12 });
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + at);
    tone.stop(audio.currentTime + at + 0.15);
  }
}

export function alarm(text, reference, isUrgent) {
  if (isOn("sound")) sound(isUrgent);
  if (isOn("notifications") && globalThis.Notification?.permission === "granted") {
    const shown = new Notification(text, { tag: reference, requireInteraction: isUrgent });
    shown.addEventListener("click", () => {
      focus();
      location.assign(`/desk/${reference}`);
      shown.close();
    });
  }
}
