/**
 * GPU backends, through drivers alone or through TornadoVM. Graphs are lowered to launches of a few
 * kernels on banks of device memory; only {@code accel.tornado} and {@code accel.kernels} know
 * TornadoVM's types, and they are compiled where an SDK is there. Without one the providers say how
 * to get it.
 */
@NullMarked
package org.t3jvm.accel;

import org.jspecify.annotations.NullMarked;
