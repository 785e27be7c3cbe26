/** Where TornadoVM is, which of its drivers can start here, and what a JVM needs to run it. */
@NullMarked
package org.t3jvm.accel.sdk;

import org.jspecify.annotations.NullMarked;
