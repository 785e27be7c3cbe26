/** The seam between graphs on a device and the code that drives one, free of TornadoVM's types. */
@NullMarked
package org.t3jvm.accel.device;

import org.jspecify.annotations.NullMarked;
