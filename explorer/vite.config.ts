import { cpSync, existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { defineConfig, type Plugin } from "vite";

/** What Pyodide needs to start, without any package. */
const PYODIDE = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"];

/** Puts Pyodide beside the page, if npm has installed it. */
function pyodide(): Plugin {
  return {
    name: "pyodide",
    apply: "build",
    closeBundle() {
      const from = new URL("node_modules/pyodide/", import.meta.url);
      for (const file of PYODIDE) {
        const path = new URL(file, from);
        if (existsSync(path)) cpSync(path, new URL(`dist/pyodide/${file}`, import.meta.url));
      }
    },
  };
}

/** Tells the service worker which files belong to this build. */
function precache(): Plugin {
  return {
    name: "precache",
    apply: "build",
    generateBundle(_, bundle) {
      const worker = bundle["sw.js"];
      if (worker?.type !== "chunk") throw new Error("no sw.js in the bundle");
      const files = Object.keys(bundle).filter((file) => file !== "sw.js" && !file.endsWith(".map"));
      const hash = createHash("sha256").update(files.sort().join("\n")).digest("hex").slice(0, 12);
      worker.code = worker.code
        .replace("__FILES__", JSON.stringify(files))
        .replace("__BUILD__", JSON.stringify(hash));
    },
  };
}

export default defineConfig({
  // The page works in any folder of a server.
  base: "./",
  define: { __PYODIDE__: JSON.stringify(existsSync(new URL("node_modules/pyodide/pyodide.mjs", import.meta.url))) },
  plugins: [pyodide(), precache()],
  worker: { format: "es" },
  build: {
    target: "es2023",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: { index: "index.html", element: "src/element.ts", sw: "src/sw.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "index" ? "assets/[name]-[hash].js" : "[name].js"),
      },
    },
  },
  preview: { port: 4316 },
});
