/** How a read waits for something that AWS prepares for it, and that takes minutes or hours. */
export interface WaitFigures {
  /** What it is waiting for, as part of a sentence; absent while it is not waiting. */
  readonly awaited?: string;
  /** Milliseconds that it has been waiting for that. */
  readonly waitMs: number;
  /** Milliseconds of all such waits, the present one included. */
  readonly totalMs: number;
}
