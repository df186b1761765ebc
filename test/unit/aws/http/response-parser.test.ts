import { expect } from 'chai';
import fc from 'fast-check';
import { HttpProtocolError, ResponseParser } from '../../../../src/aws/http/response-parser.ts';

class Gathered {
  readonly chunks: Buffer[] = [];
  expected: number | undefined;
  #room = Buffer.alloc(0);

  start(expectedBytes: number): void {
    this.chunks.length = 0;
    this.expected = expectedBytes;
  }

  // The parser may reuse the memory of a chunk.
  append(chunk: Uint8Array): void {
    this.chunks.push(Buffer.from(chunk));
  }

  claim(bytes: number): Buffer {
    this.#room = Buffer.alloc(bytes);
    return this.#room;
  }

  commit(bytes: number): void {
    this.chunks.push(this.#room.subarray(0, bytes));
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

interface Parsed {
  readonly parser: ResponseParser;
  readonly sink: Gathered;
  readonly isComplete: boolean;
}

/** Pushes the pieces, or writes as much of them as may be into the parser's room. */
function parse(pieces: readonly (string | Buffer)[], usesRoom = false): Parsed {
  const sink = new Gathered();
  const parser = new ResponseParser(sink);
  let isComplete = false;
  for (const piece of pieces) {
    for (let rest = Buffer.from(piece); rest.length > 0;) {
      const room = usesRoom ? parser.room : undefined;
      const taken = room === undefined ? rest.length : rest.copy(room);
      isComplete = room === undefined ? parser.push(rest) : parser.commit(taken);
      rest = rest.subarray(taken);
    }
  }
  return { parser, sink, isComplete };
}

function cutAt(text: string, cuts: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort(
    (a, b) => a - b,
  );
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function renderChunked(chunks: readonly string[]): string {
  const rendered = chunks.map(
    (chunk) => `${Buffer.byteLength(chunk).toString(16)};x=y\r\n${chunk}\r\n`,
  );
  return `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${rendered.join('')}0\r\nTrailer: 1\r\n\r\n`;
}

describe('ResponseParser', () => {
  it('reads the status, headers in lower case and a body of a given length', () => {
    const { parser, sink, isComplete } = parse([
      'HTTP/1.1 400 Bad Request\r\nX-Amz-Crc32:  12 \r\nContent-Length: 5\r\n\r\nhello',
    ]);
    expect(isComplete).to.equal(true);
    expect(parser.head).to.deep.equal({
      statusCode: 400,
      headers: { 'x-amz-crc32': '12', 'content-length': '5' },
      keepsConnection: true,
    });
    expect(sink.text).to.equal('hello');
    expect(sink.expected).to.equal(5);
    expect(parser.isReusable).to.equal(true);
  });

  it('reads the same from any pieces, whatever the framing', () => {
    const framings = fc.oneof(
      fc.string({ unit: 'grapheme' }).map((body) => ({
        body,
        text: `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      })),
      fc.array(fc.string({ unit: 'grapheme', minLength: 1 })).map((chunks) => ({
        body: chunks.join(''),
        text: renderChunked(chunks),
      })),
      fc.string({ unit: 'grapheme' }).map((body) => ({
        body,
        text: `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      })),
    );
    fc.assert(
      fc.property(
        framings,
        fc.array(fc.nat(400)),
        fc.boolean(),
        ({ body, text }, cuts, usesRoom) => {
          const { sink, isComplete, parser } = parse(cutAt(text, cuts), usesRoom);
          expect(isComplete).to.equal(true);
          expect(sink.text).to.equal(body);
          expect(parser.isReusable).to.equal(true);
        },
      ),
    );
  });

  it('has room for a body of a given length only, and for one byte more', () => {
    const { parser } = parse(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhel']);
    expect(parser.room).to.have.lengthOf(7);
    expect(parser.commit(4)).to.equal(false);
    expect(parser.room).to.have.lengthOf(3);
    expect(parser.commit(2)).to.equal(true);
    expect(parser.room).to.equal(undefined);
    expect(parser.isReusable).to.equal(true);
    for (const text of [
      'HTTP/1.1 2',
      'HTTP/1.1 200 OK\r\n\r\nhel',
      renderChunked(['abc']).slice(0, 60),
    ])
      expect(parse([text]).parser.room, text).to.equal(undefined);
  });

  it('is never complete before the last byte', () => {
    const text = renderChunked(['ab', 'c']);
    for (let end = 0; end < text.length; end++) {
      expect(parse([text.slice(0, end)]).isComplete, `after ${end} bytes`).to.equal(false);
    }
  });

  it('lets the end of the connection end a body without a length, and only such a one', () => {
    const open = parse(['HTTP/1.1 200 OK\r\n\r\nhel', 'lo']);
    expect(open.isComplete).to.equal(false);
    expect(open.parser.end()).to.equal(true);
    expect(open.sink.text).to.equal('hello');
    const cut = parse(['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello']);
    expect(cut.parser.end()).to.equal(false);
  });

  it('has no body for 204 and a length of 0', () => {
    expect(parse(['HTTP/1.1 204 No Content\r\n\r\n']).isComplete).to.equal(true);
    expect(parse(['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n']).isComplete).to.equal(true);
  });

  it('does not reuse a connection that the server closes or sends too much on', () => {
    const length = 'Content-Length: 1\r\n';
    const old = `HTTP/1.0 200 OK\r\n${length}`;
    expect(parse([`${old}\r\na`]).parser.isReusable).to.equal(false);
    expect(parse([`${old}Connection: Keep-Alive\r\n\r\na`]).parser.isReusable).to.equal(true);
    expect(
      parse([`HTTP/1.1 200 OK\r\nConnection: Close\r\n${length}\r\na`]).parser.isReusable,
    ).to.equal(false);
    for (const usesRoom of [false, true]) {
      for (const pieces of [
        [`HTTP/1.1 200 OK\r\n${length}\r\nab`],
        [`HTTP/1.1 200 OK\r\n${length}\r\n`, 'ab'],
      ]) {
        const { parser, sink } = parse(pieces, usesRoom);
        expect(parser.isReusable).to.equal(false);
        expect(sink.text).to.equal('a');
      }
    }
  });

  for (const [what, text] of [
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['a status out of range', 'HTTP/1.1 999 Odd\r\n\r\n'],
    ['a header without a name', 'HTTP/1.1 200 OK\r\n: value\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n'],
    [
      'a chunk size that is no number',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n',
    ],
    [
      'a chunk longer than its size',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n',
    ],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}`],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(() => parse([text])).to.throw(HttpProtocolError);
    });
  }
});
