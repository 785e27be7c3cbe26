/** The Vector API as the kernels use it: species, loops, functions, 16-bit floats. */
@NullMarked
package org.t3jvm.tensor.cpu.vector;

import org.jspecify.annotations.NullMarked;
