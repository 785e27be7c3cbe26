/** Devices through TornadoVM: kernels become task graphs of one task each, in one growing plan. */
@NullMarked
package org.t3jvm.accel.tornado;

import org.jspecify.annotations.NullMarked;
