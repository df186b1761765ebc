import { expect } from 'chai';
import { type HistoryKind, runHistory } from '../support/change-model/history.ts';

const OF_A_KIND = 200;
const KINDS: Readonly<Record<string, HistoryKind>> = {
  'with snapshots by export': { snapshot: 'export' },
  'with gaps that exports repair': { hasGaps: true },
  'with new change streams, whose gaps exports repair': { hasGaps: true, renews: true },
  'with snapshots by export and gaps that exports repair': { snapshot: 'export', hasGaps: true },
};

describe('histories of change capture with exports', () => {
  for (const [name, kind] of Object.entries(KINDS)) {
    it(`ends every complete sync with what the table holds, ${name}`, async () => {
      let repairs = 0;
      for (let seed = 0; seed < OF_A_KIND; seed++) {
        const outcome = await runHistory(seed, {}, kind);
        expect(outcome.failure, `seed ${seed}`).to.equal(undefined);
        repairs += outcome.repairs;
      }
      if (kind.hasGaps === true) expect(repairs).to.be.above(OF_A_KIND / 4);
    }).timeout(600_000);
  }
});
