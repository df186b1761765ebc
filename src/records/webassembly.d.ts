/** The few parts of the WebAssembly global that are used; none of the type libraries in use declares it. */
declare namespace WebAssembly {
  /** Compiled code, which is only ever instantiated. */
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  const Module: new (bytes: Uint8Array) => Module;

  class Memory {
    readonly buffer: ArrayBuffer;
    /** @param descriptor sizes in pages of 64 KiB; one that threads share says how far it may grow. */
    constructor(descriptor: {
      readonly initial: number;
      readonly maximum?: number;
      readonly shared?: boolean;
    });
  }

  class Instance {
    readonly exports: Readonly<Record<string, unknown>>;
    constructor(module: Module, imports: Readonly<Record<string, object>>);
  }
}
