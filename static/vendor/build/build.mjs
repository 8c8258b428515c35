// Called by refresh.sh inside a directory where npm has put the packages: build.mjs <static/vendor>.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { PurgeCSS } from "purgecss";

const target = process.argv[2];
const here = join(target, "build");
const packages = join(process.cwd(), "node_modules");
const version = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"))).version;
// Source maps are not shipped, and a manifest static storage refuses a comment that names a missing one.
const withoutMap = (text) => text.replace(/\/[*/]# sourceMappingURL=\S+(?: \*\/)?\s*$/m, "").trimEnd() + "\n";

// Rules whose names occur in a template, a script or Python code of the product stay. A page that begins to use another
// class of Tabler's needs refresh.sh to be run; tests/core/ui/test_vendor.py says so.
// Names that stand in no file as they are: sizes that the icon tag puts together, and what Django writes of a text area.
const PUT_TOGETHER = "icon-sm icon-lg textarea cols rows";

async function purge(from, to, scripts) {
  const house = join(target, "..", "..");
  const apps = ["retention", "customers", "campaigns", "workorders", "analytics"];
  const sheets = join(house, "static/css");
  const own = readdirSync(sheets).map((name) => readFileSync(join(sheets, name), "utf8")).join("");
  const [{ css }] = await new PurgeCSS().purge({
    content: [
      join(house, "templates/**/*.html"), join(house, "static/js/**/*.js"), ...scripts.map((name) => join(target, name)),
      ...apps.map((app) => join(house, app, "**/*.py")), { raw: PUT_TOGETHER, extension: "html" },
    ],
    css: [{ raw: withoutMap(readFileSync(join(packages, from), "utf8")), extension: "css" }],
    defaultExtractor: (text) => text.match(/[A-Za-z0-9_-]+/g) ?? [],
    safelist: { variables: [...new Set(own.match(/--tblr-[\w-]+/g))] },
    variables: true, keyframes: true, fontFace: true,
  });
  writeFileSync(join(target, to), css.trimEnd() + "\n");
}

function bundle(entry, to, format = "esm") {
  buildSync({
    entryPoints: [entry], outfile: join(target, to), bundle: true, minify: true, format,
    target: "es2020", legalComments: "none", nodePaths: [packages], define: { "process.env.NODE_ENV": '"production"' },
  });
}

function sprite(listFile, to) {
  const symbols = readFileSync(listFile, "utf8").split("\n").filter(Boolean).map((name) => {
    const file = join(packages, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(file)) throw new Error(`Tabler has no outline icon "${name}"`);
    const body = readFileSync(file, "utf8").replace(/<!--[\s\S]*?-->/g, "").match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1];
    const paths = body.replace(/\s*\n\s*/g, "").replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${paths}</symbol>`;
  });
  const attributes = 'xmlns="http://www.w3.org/2000/svg" fill="none" stroke="currentColor" stroke-width="2" '
    + 'stroke-linecap="round" stroke-linejoin="round"';
  writeFileSync(join(target, to), `<svg ${attributes}>\n${symbols.join("\n")}\n</svg>\n`);
}

bundle(join(here, "bootstrap-entry.mjs"), "bootstrap.min.js", "iife");
await purge("@tabler/core/dist/css/tabler.min.css", "tabler.min.css", ["bootstrap.min.js"]);
bundle(join(here, "echarts-entry.mjs"), "echarts.min.js");
bundle(join(packages, "tinykeys/dist/tinykeys.mjs"), "tinykeys.min.js");
sprite(join(here, "icons.txt"), "icons.svg");

mkdirSync(join(target, "licenses"), { recursive: true });
for (const [from, to] of [
  ["bootstrap/LICENSE", "bootstrap-LICENSE"], ["@tabler/icons/LICENSE", "tabler-icons-LICENSE"],
  ["echarts/LICENSE", "echarts-LICENSE"], ["echarts/NOTICE", "echarts-NOTICE"],
  ["zrender/LICENSE", "zrender-LICENSE"], ["tinykeys/LICENSE", "tinykeys-LICENSE"],
  ["@popperjs/core/LICENSE.md", "popper-LICENSE"], ["tslib/LICENSE.txt", "tslib-LICENSE"],
]) copyFileSync(join(packages, from), join(target, "licenses", `${to}.txt`));

const part = (file, name, licence, built, contains = []) => ({
  file, name, version: version(name), licence, built,
  contains: contains.map((inner) => `${inner} ${version(inner)}`),
  sha256: createHash("sha256").update(readFileSync(join(target, file))).digest("hex"),
});
const bundled = `esbuild ${version("esbuild")}, minified ES module`;
const purged = `purgecss ${version("purgecss")}: the rules that templates, scripts and code of the product name`;
writeFileSync(join(target, "VENDOR.json"), JSON.stringify([
  part("tabler.min.css", "@tabler/core", "MIT", purged, ["bootstrap"]),
  part("bootstrap.min.js", "bootstrap", "MIT", `esbuild ${version("esbuild")}, minified, from build/bootstrap-entry.mjs`, ["@popperjs/core"]),
  part("echarts.min.js", "echarts", "Apache-2.0", `${bundled}, from build/echarts-entry.mjs`, ["zrender", "tslib"]),
  part("tinykeys.min.js", "tinykeys", "MIT", bundled),
  part("icons.svg", "@tabler/icons", "MIT", "sprite of the outline icons named in build/icons.txt"),
], null, 2) + "\n");
