/**
 * NVIDIA's libraries through the Foreign Function API: cuBLASLt for products of BF16 matrices,
 * cuDNN for attention in BF16, and what both need of the driver. Plain Java, free of TornadoVM's
 * types; device memory and streams are the addresses that the driver gives.
 */
@NullMarked
package org.t3jvm.accel.nvidia;

import org.jspecify.annotations.NullMarked;
