// Called by refresh.sh inside a directory where npm has put the packages: build.mjs <static/vendor>.
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const target = process.argv[2];
const here = join(target, "build");
const packages = join(process.cwd(), "node_modules");
const version = (name) => JSON.parse(readFileSync(join(packages, name, "package.json"))).version;
// Source maps are not shipped, and a manifest static storage refuses a comment that names a missing one.
const withoutMap = (text) => text.replace(/\/[*/]# sourceMappingURL=\S+(?: \*\/)?\s*$/m, "").trimEnd() + "\n";

function copyText(from, to) {
  writeFileSync(join(target, to), withoutMap(readFileSync(join(packages, from), "utf8")));
}

function bundle(entry, to) {
  buildSync({
    entryPoints: [entry], outfile: join(target, to), bundle: true, minify: true, format: "esm",
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

copyText("@tabler/core/dist/css/tabler.min.css", "tabler.min.css");
copyText("@tabler/core/dist/js/tabler.min.js", "tabler.min.js");
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
writeFileSync(join(target, "VENDOR.json"), JSON.stringify([
  part("tabler.min.css", "@tabler/core", "MIT", "copied from the npm package, source map comment removed", ["bootstrap"]),
  part("tabler.min.js", "@tabler/core", "MIT", "copied from the npm package, source map comment removed", ["bootstrap", "@popperjs/core"]),
  part("echarts.min.js", "echarts", "Apache-2.0", `${bundled}, from build/echarts-entry.mjs`, ["zrender", "tslib"]),
  part("tinykeys.min.js", "tinykeys", "MIT", bundled),
  part("icons.svg", "@tabler/icons", "MIT", "sprite of the outline icons named in build/icons.txt"),
], null, 2) + "\n");
