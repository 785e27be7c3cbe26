/**
 * Drivers without TornadoVM: their devices, asked for in a process of its own, which a driver that
 * fails may take down.
 */
@NullMarked
package org.t3jvm.accel.drivers;

import org.jspecify.annotations.NullMarked;
