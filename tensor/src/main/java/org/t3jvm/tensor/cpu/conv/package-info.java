/** Convolutions on the CPU, as products whose rows or columns are found in the frames. */
@NullMarked
package org.t3jvm.tensor.cpu.conv;

import org.jspecify.annotations.NullMarked;
