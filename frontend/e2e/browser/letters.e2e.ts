import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Tab } from "../harness/browser";
import { repository } from "../harness/place";

// Whoever looks at the pictures reads names, not boxes: `setup` brings a font for every script that the simulator's people write in.
test("this machine draws every letter of the simulator's names", async () => {
  const source = readFileSync(join(repository, "backend/sim/names_data.go"), "utf8");
  const letters = [...new Set(source.match(/[^\P{L}\0-\x7f]/gu))];
  expect(letters).toEqual(expect.arrayContaining(["é", "Ж", "Π", "م", "כ", "प", "陽", "さ", "김"]));
  const tab = await Tab.open("about:blank", "letters");
  try {
    const boxes = await tab.page.evaluate((all) => {
      const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
      if (!context) throw new Error("no canvas");
      context.font = "24px sans-serif";
      const drawn = (letter: string) => {
        context.clearRect(0, 0, 64, 64);
        context.fillText(letter, 16, 40);
        return context.getImageData(0, 0, 64, 64).data.join();
      };
      const box = drawn("\u{378}"); // no letter, in no font
      return all.filter((letter) => drawn(letter) === box);
    }, letters);
    expect(boxes).toEqual([]);
  } finally {
    await tab.close();
  }
});
