/** Devices that are driven through a queue of commands, whichever driver that is of. */
@NullMarked
package org.t3jvm.accel.queue;

import org.jspecify.annotations.NullMarked;
