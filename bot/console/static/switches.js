// What somebody prefers in this browser.
const ON_AT_FIRST = { sound: true, notifications: false, keys: false, away: false };

export function isOn(name) {
  const kept = localStorage.getItem(`switch-${name}`);
  return kept === null ? ON_AT_FIRST[name] : kept === "1";
}

export function showSwitches() {
  const group = document.querySelector("#switches");
  if (!group) return;
  group.hidden = false;
  for (const box of group.querySelectorAll("[data-switch]")) {
    const name = box.dataset.switch;
    box.checked = isOn(name) && (name !== "notifications" || globalThis.Notification?.permission === "granted");
    box.addEventListener("change", async () => {
      if (name === "notifications" && box.checked) {
        box.checked = (await globalThis.Notification?.requestPermission()) === "granted";
      }
      localStorage.setItem(`switch-${name}`, box.checked ? "1" : "0");
    });
  }
}
