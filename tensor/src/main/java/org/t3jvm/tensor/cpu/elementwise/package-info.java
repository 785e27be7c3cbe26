/** Elementwise kernels and how their operands are broadcast. */
@NullMarked
package org.t3jvm.tensor.cpu.elementwise;

import org.jspecify.annotations.NullMarked;
