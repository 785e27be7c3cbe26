/**
 * Products on the CPU whose operands are rounded, to BF16 or to blocks of int8 with scales. Sums
 * are F32: one chain of fused multiply-adds along the inner size, each rounded once. By emitted
 * code or the Vector API, with the same sums.
 */
@NullMarked
package org.t3jvm.tensor.cpu.rounded;

import org.jspecify.annotations.NullMarked;
