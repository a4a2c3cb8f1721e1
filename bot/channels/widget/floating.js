// Keeps the floating chat above the whole page, whatever styles its ancestors have; and lets a page have only one chat.

/** What makes an element the containing block of fixed positions; each with the value that does not. @type {Record<string, string>} */
const CONTAINS = {
  transform: "none", translate: "none", rotate: "none", scale: "none", perspective: "none", filter: "none",
  backdropFilter: "none", willChange: "auto", contain: "none", contentVisibility: "visible", containerType: "normal",
};
/** What makes a stacking context or hides the content, with the value that does not; harmless on the body. @type {Record<string, string>} */
const COVERS = { zIndex: "auto", opacity: "1", isolation: "auto", mixBlendMode: "normal", clipPath: "none", maskImage: "none" };

/** The chat elements on the page, in the order of connection. @type {Set<Taking>} */
const present = new Set();

/** @type {ParentOf} */
export const parentOf = (element) => {
  const root = element.getRootNode();
  return element.assignedSlot ?? element.parentElement ?? (root instanceof ShadowRoot ? root.host : null);
};

/** @type {RiseAbove} */
export const riseAbove = (host, root) => {
  let zoom = 1;
  let held = false;
  for (let each = parentOf(host); each; each = parentOf(each)) {
    const style = /** @type {any} */ (getComputedStyle(each));
    const differs = (/** @type {Record<string, string>} */ from) =>
      Object.entries(from).some(([name, value]) => style[name] !== undefined && style[name] !== value);
    zoom *= Number(style.zoom) || 1;
    held ||= differs(CONTAINS);
    if (each !== document.body && each !== document.documentElement) held ||= /fixed|sticky/.test(style.position) || differs(COVERS);
  }
  root.style.zoom = String(1 / zoom);
  if (!held) root.removeAttribute("popover");
  else if (root.showPopover && !root.matches(":popover-open")) {
    root.popover = "manual";
    root.showPopover();
  }
};

/** @type {TakePlace} */
export const takePlace = (element) => {
  const [first] = present.add(element);
  if (first === element) return true;
  console.warn("<elektrum-chat> is on this page already. Only the first one is shown; this one waits until that is gone.", element);
  return false;
};

/** @type {GivePlace} */
export const givePlace = (element) => {
  const [first] = present;
  present.delete(element);
  const [next] = present;
  if (first === element) next?.connectedCallback();
};
