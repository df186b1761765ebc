import type { Config } from '../config/config.ts';

/**
 * Options for SDK clients that select variants of AWS's endpoints; the environment decides what the config leaves open.
 */
export function endpointVariants({ useFips, useDualstack }: Config['endpoints']): {
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
} {
  return {
    ...(useFips !== undefined && { useFipsEndpoint: useFips }),
    ...(useDualstack !== undefined && { useDualstackEndpoint: useDualstack }),
  };
}
