// The console's script: listens for changes, refreshes what is shown, keeps drafts, hears keys. Pages work without it.
import { ringAlerts } from "./alerts.js";
import { countFiles } from "./attach.js";
import { offerCanned } from "./canned.js";
import { keepChosen } from "./choosing.js";
import { showCompany } from "./company.js";
import { keepDrafts } from "./drafts.js";
import { hearKeys } from "./keys.js";
import { listen } from "./live.js";
import { keepFresh } from "./refresh.js";
import { wire } from "./wiring.js";

keepChosen();
keepDrafts();
keepFresh();
countFiles();
offerCanned();
hearKeys();
wire();
showCompany();
listen();
ringAlerts();
