// Moments as the thread shows them, in the community's time zone: 今天 17:30, yesterday 09:12, 11月20日 09:12.

import { facts, t } from "./facts.js";

const locale = facts.language === "zh" ? "zh-CN" : "en-GB";
const zone = { timeZone: facts.zone };
const dayKey = new Intl.DateTimeFormat("en-CA", { ...zone, dateStyle: "short" });
const clock = new Intl.DateTimeFormat(locale, { ...zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const thisYear = new Intl.DateTimeFormat(locale, { ...zone, month: "long", day: "numeric" });
const anyYear = new Intl.DateTimeFormat(locale, { ...zone, year: "numeric", month: "long", day: "numeric" });
const oneDay = 86_400_000;
const gap = 600_000;

export function showMoment(at, now = new Date()) {
  return `${dayWords(at, now)} ${clock.format(at).replace(/^0/, "")}`; // 7:58, as in Linli's own sentences
}

function dayWords(at, now) {
  const day = dayKey.format(at);
  if (day === dayKey.format(now)) return t("today");
  if (day === dayKey.format(new Date(now - oneDay))) return t("yesterday");
  return day.slice(0, 4) === dayKey.format(now).slice(0, 4) ? thisYear.format(at) : anyYear.format(at);
}

// True where a line with the time belongs between two items: a new day, or ten quiet minutes.
export function needsMoment(before, at) {
  return !before || at - before > gap || dayKey.format(before) !== dayKey.format(at);
}
