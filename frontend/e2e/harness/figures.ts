import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { out } from "./place";

/**
 * Keeps figures that a walk has measured in figures.txt beside its pictures, written as Go's benchmarks print theirs.
 */
export function keepFigures(name: string, figures: Record<string, number>) {
  const pairs = Object.entries(figures).map(([unit, figure]) => `${Number(figure.toPrecision(4))} ${unit}`);
  appendFileSync(join(out, "figures.txt"), `Benchmark${name} 1 ${pairs.join(" ")}\n`);
}
