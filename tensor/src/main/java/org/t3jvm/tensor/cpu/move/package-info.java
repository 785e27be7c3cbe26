/** Kernels that move or convert elements: copies, permutations, lookups, casts. */
@NullMarked
package org.t3jvm.tensor.cpu.move;

import org.jspecify.annotations.NullMarked;
