// What must hold when twenty do it at the same moment: rows R1, R2, R3, R4, R9, R10, R12, on workerd, with the invariants
// asked of the database after every round. RACE_ROUNDS rounds; `make test-long` makes 50.
import { after, before } from "node:test";
import { serve } from "./harness.mjs";
import { play } from "./races/play.mjs";
import { Stage } from "./races/stage.mjs";

before(async () => {
  play.server = await serve();
  play.stage = new Stage(play.server);
});
after(async () => {
  await play.server?.stop();
  play.stage?.close();
});

await import("./races/ownership.mjs");
await import("./races/people.mjs");
await import("./races/endings.mjs");
