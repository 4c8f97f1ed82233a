// What a page gains with script; without it everything works too. One module per attribute.
import { guardForms } from "./submit.js";
import { followProgress } from "./progress.js";
import { focusErrors } from "./errors.js";
import { switchTheme } from "./switch.js";
import { filterRows } from "./filter.js";
import { followDays } from "./days.js";
import { closeMenus } from "./menu.js";
import { copyText } from "./copy.js";
import { keepDraft } from "./draft.js";
import { bringBack } from "./typed.js";

const reveal = (root) => root.querySelectorAll("[data-needs-script]").forEach((element) => { element.hidden = false; });

for (const enhance of [guardForms, focusErrors, switchTheme, followProgress, filterRows, followDays, closeMenus, copyText, keepDraft, bringBack, reveal]) enhance(document);
