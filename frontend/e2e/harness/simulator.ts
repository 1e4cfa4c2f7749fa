import { built, eventually } from "./place";
import { firstLine, Program } from "./program";

/** What the simulator says about itself when it starts. */
interface Listing {
  api: string;
  organization: { id: string; apiKey: string };
  sites: { name: string; url: string; email: string; token: string }[];
  dataCenters: { url: string; token: string }[];
}

/** One request as the simulator saw it. */
export interface Entry {
  seq: number;
  method: string;
  path: string;
  template: string;
  status: number;
  /** The id of the key or token that was sent, never the secret. */
  credentialId?: string;
  accountId?: string;
  applied: boolean;
  changed: number;
}

/** A rule for what goes wrong; the simulator's fault.go has the list of kinds. */
export interface Fault {
  name?: string;
  method?: string;
  path?: string;
  kind: string;
  status?: number;
  delay?: string;
  count?: number;
  skip?: number;
}

/** A simulated Atlassian in a process of its own. */
export class Simulator {
  private constructor(
    private readonly program: Program,
    private readonly listing: Listing,
  ) {}

  static async start(flags: string[] = []): Promise<Simulator> {
    const program = Program.start("simulator", built("simserver"), flags, {}, "pipe");
    return new Simulator(program, await firstLine<Listing>(program));
  }

  get api() {
    return this.listing.api;
  }

  get organization() {
    return this.listing.organization;
  }

  get site() {
    const [first] = this.listing.sites;
    if (!first) throw new Error("the simulator has no site");
    return first;
  }

  get dataCenter() {
    const [first] = this.listing.dataCenters;
    if (!first) throw new Error("the simulator has no Jira Data Center");
    return first;
  }

  /** Every request so far. */
  async journal(): Promise<Entry[]> {
    const answer = await fetch(`${this.api}/_sim/journal`);
    return (await answer.json()) as Entry[];
  }

  /** The changes that were carried out, as method and path, in order. */
  async changes(): Promise<Entry[]> {
    return (await this.journal()).filter((e) => e.applied);
  }

  /** Replaces the rules for what goes wrong; without any, nothing does. */
  async faults(...rules: Fault[]) {
    const answer = await fetch(`${this.api}/_sim/faults`, {
      method: "POST",
      body: JSON.stringify(rules),
      headers: { "Content-Type": "application/json" },
    });
    if (!answer.ok) throw new Error(`faults: ${answer.status} ${await answer.text()}`);
  }

  /** Makes another API key of the organization, without scopes. */
  async addKey(): Promise<{ key: string; id: string }> {
    const answer = await fetch(`${this.api}/_sim/keys`, { method: "POST", body: "{}" });
    if (!answer.ok) throw new Error(`keys: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as { key: string; id: string };
  }

  /** Waits until the simulator saw a request that fits. */
  saw(what: string, fits: (entry: Entry) => boolean): Promise<Entry> {
    return eventually(`the simulator sees ${what}`, async () => (await this.journal()).find(fits));
  }

  async end() {
    await this.program.end();
  }
}
