// Copies what the browser needs from node_modules to web/static/vendor/ (run by `npm run build`, after `npm ci`).
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = dirname(fileURLToPath(import.meta.url));
const modules = join(web, "..", "node_modules");
const vendor = join(web, "static", "vendor");

const files = [
  ["weui/dist/style/weui.min.css", "weui.css"],
  ["weui/LICENSE.txt", "weui.LICENSE.txt"],
  ["htmx.org/dist/htmx.min.js", "htmx.js"],
  ["htmx.org/LICENSE", "htmx.LICENSE.txt"],
  ["echarts/dist/echarts.common.min.js", "echarts.js"],
  ["echarts/LICENSE", "echarts.LICENSE.txt"],
  ["echarts/NOTICE", "echarts.NOTICE.txt"],
  ["echarts/licenses/LICENSE-d3", "echarts.LICENSE-d3.txt"],
  ["zrender/LICENSE", "zrender.LICENSE.txt"],
];

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const [from, to] of files) cpSync(join(modules, from), join(vendor, to));
console.log(`${files.length} front-end files in web/static/vendor`);
