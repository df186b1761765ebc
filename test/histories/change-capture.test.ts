import { expect } from 'chai';
import { FAULTS } from '../support/change-model/faults.ts';
import { runHistory } from '../support/change-model/history.ts';

const HISTORIES = 1000;
const A_TEST = 100;
// The rarest of the faults shows within fewer.
const MOST_FAULTY = 400;

describe('histories of change capture', () => {
  for (let first = 0; first < HISTORIES; first += A_TEST) {
    it(`ends every complete sync with what the table holds, seeds ${first} to ${first + A_TEST - 1}`, async () => {
      for (let seed = first; seed < first + A_TEST; seed++) {
        const { failure } = await runHistory(seed);
        expect(failure, `seed ${seed}`).to.equal(undefined);
      }
    }).timeout(600_000);
  }

  for (const [name, faults] of Object.entries(FAULTS)) {
    it(`goes wrong when ${name}`, async () => {
      for (let seed = 0; seed < MOST_FAULTY; seed++) {
        const { failure } = await runHistory(seed, faults);
        if (failure !== undefined) return;
      }
      expect.fail('no history shows the fault');
    }).timeout(600_000);
  }
});
