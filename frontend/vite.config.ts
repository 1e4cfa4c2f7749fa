import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/**
 * Lengths of our own style sheets follow the size of the page (src/ui/zoom.ts): pixels become multiples of the root's font size.
 * Lines stay as thin as they are.
 */
const scalable = {
  postcssPlugin: "scalable",
  Declaration(d: { value: string; source?: { input: { file?: string } } }) {
    if (d.source?.input.file?.includes("/src/") && !d.source.input.file.includes("/node_modules/")) {
      d.value = d.value.replace(/(?<![\w.#])(\d+(?:\.\d+)?)px\b/g, (px, n) =>
        Number(n) > 3 ? `${Number(n) / 16}rem` : px,
      );
    }
  },
};

// The page is served from inside the program: one origin, no CDN, no source maps in the binary.
export default defineConfig({
  plugins: [react()],
  css: { postcss: { plugins: [scalable] } },
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 1500,
    // Fonts stay files of their own: the content security policy forbids data: fonts.
    assetsInlineLimit: 0,
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    testTimeout: 60_000,
    // Every core, not all but one: on two cores that halves the time.
    maxWorkers: "100%",
    restoreMocks: true,
  },
});
