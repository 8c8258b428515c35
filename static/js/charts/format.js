// Numbers in charts, by the same names as retention/core/ui/formats.py.
const MISSING = "–";

export function formatter(kind, lang, pointsUnit) {
  const locale = lang.startsWith("zh") ? "zh-CN" : "en";
  const plain = (digits, more = {}) => {
    const format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits, ...more });
    return (value) => format.format(value);
  };
  const compact = plain(1, { notation: "compact" });
  const short = (value) => (Math.abs(value) >= 10_000 ? compact(value) : plain(Math.abs(value) < 10 ? 2 : 0)(value));
  const share = (value) => `${plain(1)(value * 100)}%`;
  const signed = (value) => plain(1, { signDisplay: "exceptZero" })(value * 100);
  const yuan = (format) => (value) => `${value < 0 ? "-" : ""}¥${format(Math.abs(value))}`;
  const fine = (value) => plain(Math.abs(value) < 0.1 ? 3 : 2)(value);
  const minutes = (value) => plain(value < 6000 ? 1 : 0, { style: "unit", unit: "minute", unitDisplay: "short" })(value / 60);
  const pairs = {
    percent: [share, share],
    points: [(value) => `${signed(value)} ${pointsUnit}`, signed],
    money: [yuan(plain(2)), yuan(short)],
    money_compact: [yuan(short), yuan(short)],
    decimal: [plain(2), fine],
    compact: [short, short],
    duration: [minutes, minutes],
  };
  const [value, axis] = pairs[kind] ?? [plain(0), short];
  const safe = (format) => (number) => (number === null || number === undefined || Number.isNaN(number) ? MISSING : format(number).replace(/^-/, "−"));
  return { value: safe(value), axis: safe(axis), unit: kind === "points" ? pointsUnit : "" };
}
