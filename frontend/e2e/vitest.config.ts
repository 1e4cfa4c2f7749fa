import { defineConfig } from "vitest/config";

// Walks share one display and two cores: one file at a time, one step after the other, and never a second try.
export default defineConfig({
  test: {
    environment: "node",
    include: ["**/*.e2e.ts"],
    fileParallelism: false,
    maxConcurrency: 1,
    bail: 1,
    retry: 0,
    testTimeout: 180_000,
    hookTimeout: 120_000,
    reporters: ["verbose"],
  },
});
