/**
 * Device memory as a few large banks: which value is where, planned on the host. Nothing here
 * touches a device.
 */
@NullMarked
package org.t3jvm.accel.memory;

import org.jspecify.annotations.NullMarked;
