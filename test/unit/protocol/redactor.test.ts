import { expect } from 'chai';
import fc from 'fast-check';
import { Redactor } from '../../../src/protocol/redactor.ts';

describe('the redactor', () => {
  it('masks every known secret wherever it stands', () => {
    const redactor = new Redactor();
    redactor.add('wJalrXUtnFEMI/K7MDENG');
    redactor.add('AKIAIOSFODNN7EXAMPLE');
    const text = 'key AKIAIOSFODNN7EXAMPLE, secret "wJalrXUtnFEMI/K7MDENG"; AKIAIOSFODNN7EXAMPLE';
    expect(redactor.redact(text)).to.equal('key ****, secret "****"; ****');
  });

  it('leaves a text without secrets as it is', () => {
    const redactor = new Redactor();
    redactor.add('wJalrXUtnFEMI/K7MDENG');
    expect(redactor.redact('read 5 records')).to.equal('read 5 records');
  });

  it('leaves the short keys of local engines, and missing ones, alone', () => {
    const redactor = new Redactor();
    for (const secret of [undefined, '', 'test', 'local', '1234567']) redactor.add(secret);
    expect(redactor.redact('a test of a local table 1234567')).to.equal(
      'a test of a local table 1234567',
    );
  });

  it('masks a secret that begins with, or holds, another one whole', () => {
    const redactor = new Redactor();
    for (const secret of ['abcdefgh', 'abcdefgh-and-more', 'x-abcdefgh-x']) redactor.add(secret);
    expect(redactor.redact('abcdefgh-and-more x-abcdefgh-x abcdefgh')).to.equal('**** **** ****');
  });

  it('takes secrets literally', () => {
    const redactor = new Redactor();
    redactor.add('a.*+?$&\\b');
    expect(redactor.redact('a.*+?$&\\b and axxxxxxxb')).to.equal('**** and axxxxxxxb');
  });

  it('lets no secret through, whatever surrounds it', () => {
    const secret = fc.string({ minLength: 8, maxLength: 40 }).filter((text) => !text.includes('*'));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (hidden, before, after) => {
        const redactor = new Redactor();
        redactor.add(hidden);
        expect(redactor.redact(before + hidden + after)).not.to.include(hidden);
      }),
    );
  });
});
