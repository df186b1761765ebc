import type { Config } from '../config/config.ts';

/** The variants of AWS's endpoints, as clients of the SDK take them: what the config leaves open, its environment says. */
export function endpointVariants({ useFips, useDualstack }: Config['endpoints']): {
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
} {
  return {
    ...(useFips !== undefined && { useFipsEndpoint: useFips }),
    ...(useDualstack !== undefined && { useDualstackEndpoint: useDualstack }),
  };
}
