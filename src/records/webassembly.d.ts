/** The few parts of the WebAssembly global that are used; none of the type libraries in use declares it. */
declare namespace WebAssembly {
  /** Compiled code, which is only ever instantiated. */
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
