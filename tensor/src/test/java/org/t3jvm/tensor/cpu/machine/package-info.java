/** Tests of emitted code. */
@NullMarked
package org.t3jvm.tensor.cpu.machine;

import org.jspecify.annotations.NullMarked;
