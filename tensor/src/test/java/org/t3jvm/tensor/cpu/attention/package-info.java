/** Tests of attention on the CPU against plain double loops. */
@NullMarked
package org.t3jvm.tensor.cpu.attention;

import org.jspecify.annotations.NullMarked;
