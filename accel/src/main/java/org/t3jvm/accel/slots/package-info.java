/**
 * The places of a kernel's numbers in its table of ints, by name: a kernel reads {@code
 * ints.get(Gemm.M)}, its lowering fills {@code Gemm.M}. Operands' offsets come first, in the order
 * of the operands. Constants, so that compiled kernels hold numbers.
 */
@NullMarked
package org.t3jvm.accel.slots;

import org.jspecify.annotations.NullMarked;
