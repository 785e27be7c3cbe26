/** What the ops of a graph are on a device: kernels, their operands and their sizes. */
@NullMarked
package org.t3jvm.accel.lower;

import org.jspecify.annotations.NullMarked;
