/**
 * Matrix products on the CPU: linear maps, batched products and convolutions as implicit products,
 * all through one register-tiled micro-kernel.
 */
@NullMarked
package org.t3jvm.tensor.cpu.gemm;

import org.jspecify.annotations.NullMarked;
