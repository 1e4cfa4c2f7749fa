import { test } from "vitest";
import { filter, open, synced } from "../harness/steps";
import { startWalk } from "../harness/walk";
const walk = startWalk("tmpcount", { flags: ["--demo"] }, synced);
test("count", async () => {
  await open(walk.tab, "People");
  console.log("COUNT", await filter(walk.tab, "status = active AND lastActive < -90d AND inSyncedGroup = no"));
});
