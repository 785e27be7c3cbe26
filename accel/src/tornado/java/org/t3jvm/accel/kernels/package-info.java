/**
 * Device code: static methods of {@link uk.ac.manchester.tornado.api.KernelContext} that TornadoVM
 * translates. Arrays are banks of device memory; the first numbers of {@code ints} are the offsets
 * of the operands, result first, and what follows is each kernel's own. The result is the last
 * argument. Nothing depends on shapes at translation, so that each kernel is compiled once.
 */
@NullMarked
package org.t3jvm.accel.kernels;

import org.jspecify.annotations.NullMarked;
