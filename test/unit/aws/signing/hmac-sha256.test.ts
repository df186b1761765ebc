import { expect } from 'chai';
import fc from 'fast-check';
import { createHmac } from 'node:crypto';
import { HmacSha256 } from '../../../../src/aws/signing/hmac-sha256.ts';

describe('HMAC-SHA256', () => {
  const keys = fc.uint8Array({ maxLength: 200 });
  const texts = fc.array(fc.string({ unit: 'binary', maxLength: 600 }), { minLength: 1 });

  it("is OpenSSL's, of texts of any length one after the other", () => {
    fc.assert(
      fc.property(keys, texts, (key, list) => {
        const hmac = new HmacSha256(key);
        for (const text of list) {
          const expected = createHmac('sha256', key).update(text).digest();
          expect(hmac.sign(text).equals(expected)).to.equal(true);
        }
      }),
    );
  });

  // https://www.rfc-editor.org/rfc/rfc4231#section-4.3
  it('is what RFC 4231 gives', () => {
    const hmac = new HmacSha256(Buffer.from('Jefe'));
    expect(hmac.sign('what do ya want for nothing?').toString('hex')).to.equal(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
  });
});
