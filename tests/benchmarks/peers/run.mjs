// The same sites on two web maps, measured in a browser without a GPU, beside the console's own figures.
//
//   cd tests/benchmarks/peers && npm ci && node run.mjs [--chromium PATH] [--count 100000]
//
// Needs Node 20 and Chromium (on Debian: apt-get install chromium). Prints a table, and how each figure was taken.

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import puppeteer from "puppeteer-core";

const HERE = dirname(fileURLToPath(import.meta.url));
const HOME = join(HERE, "..", "..", "..");
const PAN_FRAMES = 200;
const ZOOM_STEPS = 24;
const STEP_PX = 23;
const PATIENCE_MS = 120_000;
const KINDS = {
  ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css",
  ".json": "application/json", ".geojson": "application/json", ".png": "image/png",
};

const { values: options } = parseArgs({
  options: { chromium: { type: "string", default: "/usr/bin/chromium" }, count: { type: "string", default: "100000" } },
});

function sites(count) {
  const python = join(HOME, ".venv", "bin", "python");
  const made = spawnSync(python, ["-m", "tests.benchmarks.peers.points", count], {
    cwd: HOME, maxBuffer: 1 << 30, env: { ...process.env, QT_QPA_PLATFORM: "offscreen" },
  });
  if (made.status !== 0) throw new Error(`The sites could not be made: ${made.stderr}`);
  return made.stdout;
}

function serve(points) {
  const land = join(HOME, "resources", "geo", "st-petersburg", "land.geojson");
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const file = path === "/land.geojson" ? land : join(HERE, path);
    const body = path === "/points.json" ? points : existsSync(file) && readFileSync(file);
    response.writeHead(body ? 200 : 404, { "Content-Type": KINDS[extname(path)] ?? "text/plain" });
    response.end(body || "");
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done(server)));
}

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
const percentile = (list, share) => sorted(list)[Math.max(0, Math.ceil(share * list.length) - 1)];

async function measure(browser, address, count) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1600, height: 1000 });
  const failed = new Promise((_, fail) => page.on("pageerror", (error) =>
    fail(new Error(`${address}: ${error?.message ?? error}`))));
  await page.goto(address);
  await Promise.race([failed, page.waitForFunction("window.peer", { timeout: PATIENCE_MS })]);
  const taken = await page.evaluate(async (frames, steps, step) => {
    const timed = async (work) => { const started = performance.now(); await work(); return performance.now() - started; };
    const pans = [], zooms = [];
    for (let n = 0; n < frames; n++) pans.push(await timed(() => peer.pan(Math.floor(n / 40) % 2 ? -step : step)));
    for (let n = 0; n < steps; n++) zooms.push(await timed(() => peer.zoom(Math.floor(n / 2) % 2 ? -1 : 1)));
    return { loadedMs: peer.loadedMs, shown: peer.shown, pans, zooms };
  }, PAN_FRAMES, ZOOM_STEPS, STEP_PX);
  if (taken.shown !== Number(count)) throw new Error(`${taken.shown} sites were shown; the figures would mean nothing.`);
  await page.close();
  return {
    "load s": taken.loadedMs / 1000, "pan ms": median(taken.pans), "pan p99 ms": percentile(taken.pans, 0.99),
    "zoom ms": median(taken.zooms),
  };
}

function ours() {
  const file = join(HOME, "build", "bench.json");
  const { results = {} } = existsSync(file) ? JSON.parse(readFileSync(file)) : {};
  const { start_100k: start, map_pan_100k: pan, map_zoom_100k: zoom } = results;
  return { "load s": start?.value, "pan ms": pan?.value, "pan p99 ms": pan?.p99, "zoom ms": zoom?.value };
}

const server = await serve(sites(options.count));
const browser = await puppeteer.launch({
  executablePath: options.chromium,
  // Frames as fast as they come: what is measured is the work, not the screen's own rate.
  args: [
    "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--disable-frame-rate-limit", "--disable-gpu-vsync",
  ],
  protocolTimeout: PATIENCE_MS,
});
try {
  const base = `http://127.0.0.1:${server.address().port}`;
  const table = {
    "Leaflet.markercluster": await measure(browser, `${base}/leaflet.html`, options.count),
    "MapLibre GL": await measure(browser, `${base}/maplibre.html`, options.count),
    "Landfall (build/bench.json)": ours(),
  };
  for (const row of Object.values(table))
    for (const name of Object.keys(row)) row[name] = row[name] === undefined ? "run make bench" : Number(row[name].toFixed(2));
  console.log(`${options.count} sites, ${await browser.version()}, 1600x1000, no GPU`);
  console.table(table);
  console.log(`load: from the page's start until all sites stand in the first frame; for Landfall the whole program
from process start to its first complete window. pan: one step of ${STEP_PX} px to and fro until its frame is handed
over, ${PAN_FRAMES} times. zoom: one step in or out until the map has come to rest, ${ZOOM_STEPS} times. The console's
pan p99 is over 600 frames with no tile drawn yet. Both pages draw the bundled land and the same made-up sites.`);
} finally {
  await browser.close();
  server.close();
}
