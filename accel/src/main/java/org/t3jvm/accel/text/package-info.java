/** Kernels in the languages of drivers, as TornadoVM generated them from the Java kernels. */
@NullMarked
package org.t3jvm.accel.text;

import org.jspecify.annotations.NullMarked;
