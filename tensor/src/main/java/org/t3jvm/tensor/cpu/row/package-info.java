/** Kernels that work row by row: norms, RoPE, softmax, reductions. */
@NullMarked
package org.t3jvm.tensor.cpu.row;

import org.jspecify.annotations.NullMarked;
