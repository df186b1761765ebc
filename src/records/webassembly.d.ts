/** The little of WebAssembly's global that is used; it is part of no library that this project's code is checked with. */
declare namespace WebAssembly {
  /** Compiled code; nothing is asked of it but to be instantiated. */
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: new (bytes: Uint8Array) => Module;

  class Memory {
    readonly buffer: ArrayBuffer;
    /** @param descriptor `initial` in pages of 64 KiB. */
    constructor(descriptor: { readonly initial: number });
  }

  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, object>>);
  }
}
