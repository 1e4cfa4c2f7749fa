import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The page is served from inside the program: one origin, no CDN, no source maps in the binary.
export default defineConfig({
  plugins: [react()],
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
