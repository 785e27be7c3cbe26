/** Tests of matrix products and convolutions on the CPU against plain double loops. */
@NullMarked
package org.t3jvm.tensor.cpu.gemm;

import org.jspecify.annotations.NullMarked;
