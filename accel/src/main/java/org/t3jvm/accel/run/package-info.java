/** Graphs on a device: programs, their memory, and what travels between host and device. */
@NullMarked
package org.t3jvm.accel.run;

import org.jspecify.annotations.NullMarked;
