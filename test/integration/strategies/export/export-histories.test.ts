import { expect } from 'chai';
import type { JsonObject } from '../../../support/json.ts';
import { type Random, seededRandom } from '../../../support/seeded-random.ts';
import { createDestinations } from './destinations.ts';
import { type Emission, ExportWorld } from './export-world.ts';

const HISTORIES = 200;
// With others at work on the machine too, none of the tests may take minutes.
const AT_A_TIME = 25;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const KEYS = 12;

/** A random history that is synced again and again, with kills, lost states and pauses of days. */
class History {
  readonly #world: ExportWorld;
  readonly #random: Random;
  readonly #destinations = createDestinations();
  #writtenUntil: number;
  #value = 0;
  /** What the platform has kept. */
  #state: JsonObject | undefined;
  kills = 0;

  constructor(world: ExportWorld, random: Random) {
    this.#world = world;
    this.#random = random;
    this.#writtenUntil = world.now - HOUR_MS;
  }

  /** Writes at random moments until now. */
  write(): void {
    const { history, now } = this.#world;
    const span = now - this.#writtenUntil;
    const count = Math.floor(this.#random() * 25);
    const moments = Array.from({ length: count }, () => Math.floor(this.#random() * span * 1000));
    for (const moment of moments.sort((a, b) => a - b)) {
      const at = this.#writtenUntil * 1000 + moment;
      const key = `k${Math.floor(this.#random() * KEYS)}`;
      if (this.#random() < 0.4) history.delete(at, key);
      else history.put(at, key, ++this.#value);
    }
    this.#writtenUntil = now;
  }

  /** Tries until an attempt comes to its end. */
  async sync(): Promise<void> {
    while (!(await this.#attempt()));
  }

  check(): void {
    const until = Date.parse((this.#state as { until: string }).until);
    const items = [...this.#world.history.asOf(until * 1000)];
    const expected = Object.fromEntries(items.map(([key, { v }]) => [key, Number(v?.N)]));
    for (const { name, rows } of this.#destinations) {
      expect(Object.fromEntries(rows), name).to.deep.equal(expected);
    }
  }

  async #attempt(): Promise<boolean> {
    const killAfter = this.#random() < 0.4 ? Math.floor(this.#random() * 12) : Infinity;
    const { signal, hasStarted } = this.#killWhenStarted();
    const states: JsonObject[] = [];
    let pages = 0;
    let isDead = false;
    const emissions = this.#world.attempt({
      saved: this.#state,
      signal,
      writesState: () => this.#random() < 0.3,
      dies: () => (isDead = pages++ >= killAfter),
    });
    for await (const emission of emissions) {
      this.#take(emission, states);
      if (this.#random() < 0.2) this.write();
    }
    isDead ||= signal.aborted;
    if (isDead) this.kills++;
    this.#keep(states, isDead);
    hasStarted();
    return !isDead;
  }

  #take(emission: Emission, states: JsonObject[]): void {
    if (emission.kind === 'state') states.push(emission.state);
    else for (const destination of this.#destinations) destination.take(emission.row);
  }

  /** Of a dead attempt, any state may be the last one that was kept. */
  #keep(states: readonly JsonObject[], isDead: boolean): void {
    const chosen = isDead
      ? Math.floor(this.#random() * (states.length + 1)) - 1
      : states.length - 1;
    this.#state = states[chosen] ?? this.#state;
  }

  /** Now and then, has the process die in the moment in which DynamoDB has started an export. */
  #killWhenStarted(): { readonly signal: AbortSignal; readonly hasStarted: () => void } {
    const controller = new AbortController();
    const operation = 'ExportTableToPointInTime';
    const answer = this.#world.aws.handler(operation);
    if (this.#random() < 0.3) {
      this.#world.aws.on(operation, async (input, request) => {
        await answer(input, request);
        controller.abort();
        return { kind: 'reset' };
      });
    }
    return {
      signal: controller.signal,
      hasStarted: () => {
        this.#world.aws.on(operation, answer);
      },
    };
  }
}

describe('exports of a table that goes on changing', () => {
  for (let first = 0; first < HISTORIES; first += AT_A_TIME) {
    const last = first + AT_A_TIME - 1;
    it(`bring the destination to the table, one export a window, in histories ${first} to ${last}`, async () => {
      let kills = 0;
      let windows = 0;
      for (let seed = first; seed <= last; seed++) {
        const lived = await live(seed);
        kills += lived.kills;
        windows += lived.windows;
      }
      // Else nothing was tried.
      expect(kills).to.be.above(AT_A_TIME);
      expect(windows).to.be.above(3 * AT_A_TIME);
    });
  }
});

async function live(seed: number): Promise<{ kills: number; windows: number }> {
  const random = seededRandom(seed);
  const world = await ExportWorld.open(1 + Math.floor(random() * 4));
  try {
    const history = new History(world, random);
    for (let syncs = 0; syncs < 4; syncs++) {
      history.write();
      await history.sync();
      history.check();
      world.pass(random() < 0.2 ? 70 * HOUR_MS : Math.floor(random() * 5 * HOUR_MS));
    }
    const begins = world.exports.started.map(({ scope }) =>
      scope.kind === 'full' ? 'full' : `from ${scope.from}`,
    );
    expect(begins).to.deep.equal([...new Set(begins)]);
    return { kills: history.kills, windows: begins.length };
  } catch (error) {
    throw new Error(`seed ${seed}: ${(error as Error).message}`, { cause: error });
  } finally {
    await world.close();
  }
}
