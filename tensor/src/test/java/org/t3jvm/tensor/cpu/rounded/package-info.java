/** Tests of products of BF16 on the CPU. */
@NullMarked
package org.t3jvm.tensor.cpu.rounded;

import org.jspecify.annotations.NullMarked;
