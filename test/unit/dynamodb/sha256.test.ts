import { expect } from 'chai';
import { Sha256 } from '../../../src/dynamodb/sha256.ts';

async function digest(hash: Sha256, ...data: readonly string[]): Promise<string> {
  for (const piece of data) hash.update(Buffer.from(piece));
  return Buffer.from(await hash.digest()).toString('hex');
}

describe('SHA-256 for the signer', () => {
  it('hashes as FIPS 180-2 shows, in one piece or several', async () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(await digest(new Sha256(), 'abc')).to.equal(abc);
    expect(await digest(new Sha256(), 'a', '', 'bc')).to.equal(abc);
    const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(await digest(new Sha256())).to.equal(empty);
  });

  it('authenticates as RFC 4231 shows, with secrets of every kind, and again with the same', async () => {
    const mac = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const bytes = Buffer.from('xJefex').subarray(1, 5);
    for (const secret of ['Jefe', bytes, new DataView(bytes.buffer, bytes.byteOffset, 4), bytes]) {
      expect(await digest(new Sha256(secret), 'what do ya want ', 'for nothing?')).to.equal(mac);
    }
    const { buffer } = new Uint8Array(Buffer.from('Jefe'));
    expect(await digest(new Sha256(buffer), 'what do ya want for nothing?')).to.equal(mac);
  });

  it('begins anew when it is reset', async () => {
    const hash = new Sha256('Jefe');
    const first = await digest(hash, 'x');
    hash.reset();
    expect(await digest(hash, 'x')).to.equal(first);
  });
});
