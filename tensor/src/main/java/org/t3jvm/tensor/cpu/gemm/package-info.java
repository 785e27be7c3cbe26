/**
 * Matrix products on the CPU: linear maps, batched products, and whatever gives rows and panels,
 * all through one register-tiled micro-kernel.
 */
@NullMarked
package org.t3jvm.tensor.cpu.gemm;

import org.jspecify.annotations.NullMarked;
