/** Libraries of drivers: where they are found, and how their calls fail. */
@NullMarked
package org.t3jvm.accel.foreign;

import org.jspecify.annotations.NullMarked;
