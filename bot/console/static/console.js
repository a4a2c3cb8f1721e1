// On every page.
import { showSwitches } from "./switches.js";

showSwitches();
