import { expect } from 'chai';
import fc from 'fast-check';
import { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';

describe('a page buffer', () => {
  it('holds the pieces of a body, one body after the other', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 6 });
    const buffer = new PageBuffer();
    fc.assert(
      fc.property(pieces, fc.nat({ max: 400 }), (chunks, announced) => {
        buffer.start(announced);
        for (const chunk of chunks) buffer.append(chunk);
        expect(buffer.body.equals(Buffer.concat(chunks))).to.equal(true);
      }),
    );
  });

  it('grows for a body that is longer than announced', () => {
    const buffer = new PageBuffer();
    buffer.start(10);
    const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(100_000, index));
    for (const chunk of chunks) buffer.append(chunk);
    expect(buffer.body.equals(Buffer.concat(chunks))).to.equal(true);
  });

  it('grows for a body as announced, and keeps none of the one before', () => {
    const buffer = new PageBuffer();
    buffer.start(1);
    buffer.append(Buffer.from('before'));
    buffer.start(3_000_000);
    expect(buffer.body.length).to.equal(0);
    buffer.append(Buffer.alloc(3_000_000, 7));
    expect(buffer.body.length).to.equal(3_000_000);
    expect(buffer.body.every((byte) => byte === 7)).to.equal(true);
  });

  it('takes what is written into its room, where one byte more than announced may be', () => {
    const buffer = new PageBuffer();
    buffer.start(3_000_000);
    expect(buffer.claim(3_000_001)).to.have.lengthOf(3_000_001);
    buffer.start(6);
    buffer.append(Buffer.from('ab'));
    buffer.claim(4).write('cd');
    buffer.commit(2);
    buffer.claim(2).write('ef');
    buffer.commit(2);
    expect(buffer.body.toString()).to.equal('abcdef');
  });

  it('lies in a stretch of the space while there is room, and gives it back', () => {
    const lent: Buffer[] = [];
    const released: Buffer[] = [];
    const space = {
      lend: (bytes: number) => {
        if (bytes > 12) return undefined;
        lent.push(Buffer.alloc(bytes));
        return lent.at(-1);
      },
      takeBack: (stretch: Buffer) => void released.push(stretch),
      crc32: () => 42,
    };
    const buffer = new PageBuffer(space);
    const gather = (body: string, announced: number): void => {
      buffer.start(announced);
      buffer.append(Buffer.from(body));
      expect(buffer.body.toString()).to.equal(body);
      expect(buffer.crc32()).to.equal(42);
    };
    gather('hello', 5);
    expect(buffer.body.buffer).to.equal(lent[0]?.buffer);
    gather('hello wo', 0);
    expect(buffer.body.buffer).to.equal(lent[1]?.buffer);
    expect(released).to.include(lent[0]);
    expect(buffer.capacity).to.equal(lent[1]?.length);
    gather('hello to the world', 18);
    expect(released).to.include(lent[1]);
    expect(buffer.capacity).to.equal(19);
    buffer.close();
    expect(buffer.capacity).to.equal(0);
    expect(buffer.body.length).to.equal(0);
    gather('again', 5);
    buffer.close();
    expect(lent.every((stretch) => released.includes(stretch))).to.equal(true);
  });

  it('gives the CRC-32 of its body', () => {
    const buffer = new PageBuffer();
    buffer.start(0);
    // The check value of the CRC-32 that zlib, gzip and AWS use.
    buffer.append(Buffer.from('123456789'));
    expect(buffer.crc32()).to.equal(0xcbf43926);
  });

  it('is empty until something is appended', () => {
    expect(new PageBuffer().body.length).to.equal(0);
  });

  it('refuses a body that no page can be, announced or not', () => {
    const tooLong = 129 * 1024 * 1024;
    const buffer = new PageBuffer();
    expect(() => {
      buffer.start(tooLong);
    }).to.throw(/too long/);
    const chunk = Buffer.alloc(32 * 1024 * 1024);
    buffer.start(0);
    expect(() => {
      for (let i = 0; i < 5; i++) buffer.append(chunk);
    }).to.throw(/too long/);
  });
});
